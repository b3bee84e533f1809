package io.hypernetes.bench.code;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.memory.MemoryStore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One decision in a world with 10,000 Roles and 10,000 RoleBindings in 100 namespaces: for somebody
 * with one binding, for a group that has one in each of the hundred, and for nobody's sake.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx1g"})
public class RbacBenchmark {

    private static final Tenant WORLD = Tenant.SYSTEM;
    private static final int NAMESPACES = 100;
    private static final int IN_EACH = 100;
    private static final String GROUP = "rbac.authorization.k8s.io";

    private final MemoryStore store = new MemoryStore();
    private final Registry registry = Registry.open(store, Schemas.kubernetes());
    private final Client client = new LocalClient(registry);
    private final RbacAuthorizer rbac = new RbacAuthorizer(client);
    private final Attributes allowed = asked("user-7-42", "", "namespace-7");
    private final Attributes elsewhere = asked("user-7-42", "", "namespace-8");
    private final Attributes group = asked("somebody", "team", "namespace-99");
    private final Attributes stranger = asked("nobody", "", "namespace-50");

    @Setup
    public void open() throws InterruptedException {
        for (int i = 0; i < NAMESPACES; i++) {
            ObjectNode namespace = Json.object();
            namespace.putObject("metadata").put("name", "namespace-" + i);
            client.create(BuiltinTypes.NAMESPACES, WORLD, namespace);
            for (int j = 0; j < IN_EACH; j++) {
                role(i, j);
            }
        }
        rbac.start().awaitSynced();
    }

    private void role(int namespace, int number) {
        ObjectNode role = named(namespace, "role-" + number);
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("resources").add("pods").add("configmaps");
        List.of("get", "list", "watch", "create").forEach(rule.putArray("verbs")::add);
        client.create(BuiltinTypes.ROLES, WORLD, role);
        ObjectNode binding = named(namespace, "role-" + number);
        ObjectNode subject = binding.putArray("subjects").addObject().put("apiGroup", GROUP);
        if (number == 0) {
            subject.put("kind", "Group").put("name", "team");
        } else {
            subject.put("kind", "User").put("name", "user-" + namespace + "-" + number);
        }
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", "Role")
                .put("name", Metadata.name(role));
        client.create(BuiltinTypes.ROLE_BINDINGS, WORLD, binding);
    }

    private static ObjectNode named(int namespace, String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", "namespace-" + namespace).put("name", name);
        return object;
    }

    private static Attributes asked(String user, String group, String namespace) {
        List<String> groups =
                group.isEmpty()
                        ? List.of(UserInfo.AUTHENTICATED)
                        : List.of(group, UserInfo.AUTHENTICATED);
        return new Attributes(
                new UserInfo(user, "", groups, Map.of()),
                WORLD,
                "get",
                "",
                "v1",
                "pods",
                "",
                namespace,
                "web",
                "");
    }

    @TearDown
    public void close() {
        rbac.close();
        registry.close();
        store.close();
    }

    @Benchmark
    public Authorizer.Decision allowed() {
        return rbac.authorize(allowed);
    }

    @Benchmark
    public Authorizer.Decision refusedInAnotherNamespace() {
        return rbac.authorize(elsewhere);
    }

    @Benchmark
    public Authorizer.Decision allowedByAGroupOfAHundredBindings() {
        return rbac.authorize(group);
    }

    @Benchmark
    public Authorizer.Decision refusedToAStranger() {
        return rbac.authorize(stranger);
    }
}
