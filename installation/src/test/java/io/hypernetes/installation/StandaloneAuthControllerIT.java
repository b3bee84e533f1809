package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The commands {@code auth-controller} and {@code admission-webhook} beside a {@link SharedWorld}:
 * the front door of an API server of ours, or with {@code -Dkube-apiserver=PATH} upstream's. Their
 * annotation is another than the server's. The auth-controller is a service account with all
 * rights; people have certificates and no right at all.
 */
class StandaloneAuthControllerIT {

    private static final String ANNOTATION = "example.com/made-by";
    private static final String LEADS = "keeping the RBAC";
    private static final String MAPS = "configmaps";

    @TempDir private static Path directory;

    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.inMemory(Clock.systemUTC());
    private static final List<Process> COMMANDS = new ArrayList<>();
    private static SharedWorld world;
    private static RemoteClient operator;
    private static ResourceType users;
    private static Path kubeconfig;

    private Process controller;

    @BeforeAll
    static void startWorld() throws IOException, InterruptedException {
        world =
                SharedWorld.start(
                        Files.createDirectories(directory.resolve("world")),
                        AUTHORITY,
                        Optional.empty());
        operator = SharedWorld.operator(world, AUTHORITY);
        users = usersType();
        kubeconfig = serviceAccount();
        applyWebhook();
    }

    @AfterAll
    static void endWorld() throws InterruptedException {
        for (Process command : COMMANDS) {
            command.destroyForcibly().waitFor();
        }
        operator.close();
        world.close();
    }

    @BeforeEach
    void startController() throws IOException {
        controller = authController();
    }

    /** It gives its lease back: the next test's need not wait until that has run out. */
    @AfterEach
    void stopController() throws InterruptedException {
        controller.destroy();
        controller.waitFor();
    }

    private void killController() throws InterruptedException {
        controller.destroyForcibly().waitFor();
    }

    @Test
    void theSeedsStory() throws IOException, InterruptedException {
        Path alice = file("alice");
        Path bob = file("bob");
        assertThat(kubectl(alice, "create", "namespace", "web").exit()).isNotZero();
        createUser("alice");
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice-namespace-creater"));
        allowed(alice, "create", "namespace", "web");
        until(() -> has(BuiltinTypes.ROLES, "web", "access-resources-within-namespace"));
        until(() -> has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding"));
        allowed(alice, "-n", "web", "create", "configmap", "mine");
        allowed(alice, "get", "namespaces");

        refused(bob, "create", "namespace", "more");
        createUser("bob");
        allowed(bob, "create", "namespace", "more");
        refused(bob, "-n", "web", "get", MAPS);
        refused(bob, "delete", "namespace", "web");
        refused(alice, "-n", "more", "create", "configmap", "hers");

        allowed(alice, "delete", "namespace", "web");
        until(() -> !has(BuiltinTypes.NAMESPACES, "", "web"));
        assertThat(has(BuiltinTypes.ROLES, "web", "access-resources-within-namespace")).isFalse();
        assertThat(has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding")).isFalse();
        refused(alice, "-n", "web", "get", MAPS);

        allowed(alice, "create", "namespace", "web");
        allowed(alice, "-n", "web", "create", "configmap", "mine");
        deleteUser("alice");
        until(() -> !has(users, "default", "alice"));
        assertThat(has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice-namespace-creater"))
                .isFalse();
        assertThat(has(BuiltinTypes.NAMESPACES, "", "web")).isFalse();
        assertThat(has(BuiltinTypes.CONFIG_MAPS, "web", "mine")).isFalse();
        refused(alice, "create", "namespace", "late");
        assertThat(has(BuiltinTypes.NAMESPACES, "", "more")).as("bob's").isTrue();
    }

    @Test
    void whoMadeANamespaceCannotBeForged() throws IOException {
        createUser("carol");
        try (RemoteClient carol = person("carol")) {
            ObjectNode forged = named("carols");
            Metadata.ensureAnnotations(forged).put(ANNOTATION, "bob");
            until(() -> post(carol, "/api/v1/namespaces", forged).isEmpty());
            ObjectNode made = operator.get(BuiltinTypes.NAMESPACES, key("", "carols"));
            assertThat(Metadata.annotation(made, ANNOTATION)).isEqualTo("carol");
            Metadata.ensureAnnotations(made).put(ANNOTATION, "bob");
            ObjectNode kept = operator.update(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, made);
            assertThat(Metadata.annotation(kept, ANNOTATION)).isEqualTo("carol");

            until(() -> has(BuiltinTypes.ROLE_BINDINGS, "carols", "namespace-binding"));
            until(() -> post(carol, "/api/v1/namespaces/carols/configmaps", named("m")).isEmpty());
            for (String part : List.of("status", "finalize")) {
                ObjectNode wish = operator.get(BuiltinTypes.NAMESPACES, key("", "carols"));
                Metadata.ensureAnnotations(wish).put(ANNOTATION, "bob");
                String path = "/api/v1/namespaces/carols/" + part;
                ObjectNode body = wish.put("apiVersion", "v1").put("kind", "Namespace");
                carol.send("PUT", path, Optional.of(body), "application/json");
                ObjectNode now = operator.get(BuiltinTypes.NAMESPACES, key("", "carols"));
                assertThat(Metadata.annotation(now, ANNOTATION)).as(part).isEqualTo("carol");
            }

            // Whose namespace it is may write Users into it, who are nobody.
            String friends = "/apis/stable.example.com/v1/namespaces/carols/users";
            ObjectNode friend = named("friend").put("username", "friend");
            friend.put("apiVersion", "stable.example.com/v1").put("kind", "User");
            assertThat(post(carol, friends, friend)).isEmpty();
            createUser("after");
            until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "after-namespace-creater"));
            assertThat(has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "friend-namespace-creater"))
                    .isFalse();
        }
    }

    @Test
    void handMadeChangesAreRepairedAndWhatOthersOwnIsLeft()
            throws IOException, InterruptedException {
        ObjectNode foreign = binding("greg-namespace-creater", "root");
        operator.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Tenant.SYSTEM, foreign);
        createUser("erin");
        createUser("greg");
        String name = "erin-namespace-creater";
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name));
        ObjectNode changed = operator.get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key("", name));
        changed.withObject("metadata").remove("labels");
        ((ObjectNode) changed.at("/subjects/0")).put("name", "mallory");
        operator.update(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Tenant.SYSTEM, changed);
        until(() -> subject(name).equals("erin"));

        operator.delete(
                BuiltinTypes.CLUSTER_ROLES, key("", "namespace-creater"), DeleteOptions.DEFAULT);
        until(() -> has(BuiltinTypes.CLUSTER_ROLES, "", "namespace-creater"));

        // The role that a binding is for cannot be changed: it is made anew.
        operator.delete(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key("", name), DeleteOptions.DEFAULT);
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name));

        Path erin = file("erin");
        allowed(erin, "create", "namespace", "erins");
        allowed(erin, "-n", "erins", "create", "configmap", "mine");
        operator.delete(
                BuiltinTypes.ROLES,
                key("erins", "access-resources-within-namespace"),
                DeleteOptions.DEFAULT);
        until(() -> has(BuiltinTypes.ROLES, "erins", "access-resources-within-namespace"));
        allowed(erin, "-n", "erins", "get", MAPS);

        assertThat(subject("greg-namespace-creater")).isEqualTo("root");
        until(() -> toldOf("greg-namespace-creater"));
    }

    @Test
    void ofSeveralOneLeadsAndAnotherGoesOnAfterAKill() throws IOException, InterruptedException {
        createUser("hugo");
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "hugo-namespace-creater"));
        until(() -> Files.readString(output(controller)).contains(LEADS));
        Process second = authController();
        createUser("ina");
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "ina-namespace-creater"));
        assertThat(Files.readString(output(second))).doesNotContain(LEADS);
        Path hugo = file("hugo");
        allowed(hugo, "create", "namespace", "hugos");

        killController();
        deleteUser("hugo");
        operator.delete(
                BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                key("", "ina-namespace-creater"),
                DeleteOptions.DEFAULT);
        createUser("jan");
        assertThat(has(BuiltinTypes.NAMESPACES, "", "hugos")).isTrue();
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "jan-namespace-creater"));
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "ina-namespace-creater"));
        until(() -> !has(users, "default", "hugo"));
        assertThat(has(BuiltinTypes.NAMESPACES, "", "hugos")).isFalse();
        assertThat(Files.readString(output(second))).contains(LEADS);
        refused(hugo, "create", "namespace", "late");
        controller = second;
    }

    @Test
    void endedByASignalItGivesItsLeaseBack() throws IOException, InterruptedException {
        until(() -> Files.readString(output(controller)).contains(LEADS));
        stopController();
        ObjectNode lease =
                operator.get(BuiltinTypes.LEASES, key("kube-system", "hypernetes-auth-controller"));
        assertThat(lease.at("/spec/holderIdentity").asString("none")).isEmpty();
    }

    /** In the middle of much work, at any instant. */
    @Test
    void killedAtAnyInstantTheNextConverges() throws IOException, InterruptedException {
        Random random = new Random();
        for (int round = 0; round < 3; round++) {
            Process leader = controller;
            until(() -> Files.readString(output(leader)).contains(LEADS));
            String prefix = "crowd" + round + "-";
            for (int i = 0; i < 10; i++) {
                createUser(prefix + i);
            }
            Thread.sleep(random.nextInt(200));
            killController();
            for (int i = 0; i < 5; i++) {
                deleteUser(prefix + i);
            }
            controller = authController();
            for (int i = 0; i < 10; i++) {
                String name = prefix + i;
                boolean there = i >= 5;
                until(() -> has(users, "default", name) == there);
                until(() ->
                        has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name + "-namespace-creater")
                                == there);
            }
        }
    }

    /** With all rights, by a token that is its own. */
    private static Path serviceAccount() throws IOException {
        ObjectNode account = named("auth-controller");
        account.withObject("metadata").put("namespace", "kube-system");
        operator.create(BuiltinTypes.SERVICE_ACCOUNTS, Tenant.SYSTEM, account);
        ObjectNode all = binding("auth-controller", "auth-controller");
        all.withObject("roleRef").put("name", "cluster-admin");
        ObjectNode subject = (ObjectNode) all.at("/subjects/0");
        subject.remove("apiGroup");
        subject.put("kind", "ServiceAccount").put("namespace", "kube-system");
        operator.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Tenant.SYSTEM, all);
        ObjectNode request =
                Json.object()
                        .put("apiVersion", "authentication.k8s.io/v1")
                        .put("kind", "TokenRequest");
        request.putObject("spec").put("expirationSeconds", 7200);
        String path = "/api/v1/namespaces/kube-system/serviceaccounts/auth-controller/token";
        String token =
                operator.send("POST", path, Optional.of(request), "application/json")
                        .path("status")
                        .path("token")
                        .asString();
        Path file = directory.resolve("auth-controller.kubeconfig");
        new Kubeconfig(
                        world.url(),
                        AUTHORITY.certificatePem(),
                        "auth-controller",
                        new Kubeconfig.Proof.Token(token))
                .write(file, "it", Optional.empty());
        return file;
    }

    private static void applyWebhook() throws IOException {
        KeyedCertificate own = AUTHORITY.serverCertificate(List.of("127.0.0.1"));
        Path certificate = Files.writeString(directory.resolve("tls.crt"), own.certificatePem());
        Path key = Files.writeString(directory.resolve("tls.key"), own.keyPem());
        Path signer = Files.writeString(directory.resolve("ca.crt"), AUTHORITY.certificatePem());
        Process webhook =
                command(
                        "admission-webhook",
                        "--port=0",
                        "--tls-cert-file=" + certificate,
                        "--tls-private-key-file=" + key,
                        "--ca-file=" + signer,
                        annotation());
        Path printed = output(webhook);
        until(() -> Files.readString(printed).contains("listening on"));
        String text = Files.readString(printed).replaceAll("(?s)listening on.*", "");
        JsonNode configuration = Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
        operator.create(
                ExtensionTypes.MUTATING_WEBHOOK_CONFIGURATIONS,
                Tenant.SYSTEM,
                (ObjectNode) configuration);
        // An API server asks a webhook from a moment after it has been told of it.
        ObjectNode probe = named("probe");
        until(() -> {
            operator.create(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, probe.deepCopy());
            ObjectNode made = operator.get(BuiltinTypes.NAMESPACES, key("", "probe"));
            operator.delete(BuiltinTypes.NAMESPACES, key("", "probe"), DeleteOptions.DEFAULT);
            until(() -> !has(BuiltinTypes.NAMESPACES, "", "probe"));
            return Metadata.annotation(made, ANNOTATION).equals("operator");
        });
    }

    /** As the definition has it that the command makes. */
    private static ResourceType usersType() {
        GroupVersionKind kind = new GroupVersionKind("stable.example.com", "v1", "User");
        GroupResource id = new GroupResource(kind.group(), "users");
        return new ResourceType(
                id,
                kind.version(),
                kind.kind(),
                "user",
                List.of(),
                List.of(),
                Scope.NAMESPACED,
                Set.of(),
                BuiltinTypes.USERS.schema(),
                Storage.single(id, kind),
                List.of(),
                BuiltinTypes.USERS.strategy());
    }

    private static String annotation() {
        return "--annotation=" + ANNOTATION;
    }

    private static Process authController() throws IOException {
        return command("auth-controller", "--kubeconfig=" + kubeconfig, annotation());
    }

    private static Process command(String... arguments) throws IOException {
        Path output = directory.resolve("output" + COMMANDS.size());
        Process process = Commands.start(Map.of(), output, Commands.program(arguments));
        COMMANDS.add(process);
        return process;
    }

    private static Path output(Process command) {
        return directory.resolve("output" + COMMANDS.indexOf(command));
    }

    private static KeyedCertificate certificate(String name) {
        return AUTHORITY.tenant(Tenant.SYSTEM, name);
    }

    private static RemoteClient person(String name) {
        return RemoteClient.ofOneWorld(
                SharedWorld.access(world.url(), AUTHORITY, certificate(name)));
    }

    private static Path file(String name) throws IOException {
        Path file = directory.resolve(name + ".kubeconfig");
        SharedWorld.access(world.url(), AUTHORITY, certificate(name))
                .write(file, "it", Optional.empty());
        return file;
    }

    private static Commands.Run kubectl(Path config, String... arguments)
            throws IOException, InterruptedException {
        return new Commands(directory).kubectl(config, "", arguments);
    }

    /** Rights follow what they come from by an instant. */
    private static void allowed(Path config, String... arguments) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> {
                    Commands.Run run = kubectl(config, arguments);
                    assertThat(run.exit()).as(run.output()).isZero();
                });
    }

    private static void refused(Path config, String... arguments)
            throws IOException, InterruptedException {
        Commands.Run run = kubectl(config, arguments);
        assertThat(run.exit()).isNotZero();
        assertThat(run.output()).containsIgnoringCase("forbidden");
    }

    private static String post(RemoteClient client, String path, ObjectNode body) {
        try {
            client.send("POST", path, Optional.of(body), "application/json");
            return "";
        } catch (ApiException e) {
            return e.status().reason().text();
        }
    }

    /** As soon as there is a definition of them. */
    private static void createUser(String name) {
        ObjectNode user = named(name).put("username", name);
        user.withObject("metadata").put("namespace", "default");
        until(() -> {
            operator.create(users, Tenant.SYSTEM, user.deepCopy());
            return true;
        });
    }

    private static void deleteUser(String name) {
        operator.delete(users, key("default", name), DeleteOptions.DEFAULT);
    }

    private static ObjectNode binding(String name, String user) {
        String api = "rbac.authorization.k8s.io";
        ObjectNode binding = named(name);
        binding.putObject("roleRef")
                .put("apiGroup", api)
                .put("kind", "ClusterRole")
                .put("name", "view");
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", api)
                .put("kind", "User")
                .put("name", user);
        return binding;
    }

    private static String subject(String binding) {
        return operator.get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key("", binding))
                .at("/subjects/0/name")
                .asString("");
    }

    private static boolean toldOf(String name) {
        return operator.list(BuiltinTypes.EVENTS, Selection.EVERYTHING).items().stream()
                .map(event -> event.object())
                .filter(event -> event.path("reason").asString("").equals("NameTaken"))
                .anyMatch(event -> event.at("/involvedObject/name").asString("").equals(name));
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static ObjectKey key(String namespace, String name) {
        return new ObjectKey(Tenant.SYSTEM, namespace, name);
    }

    private static boolean has(ResourceType type, String namespace, String name) {
        return operator.find(type, key(namespace, name)).isPresent();
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptionsInstanceOf(ApiException.class)
                .until(holds);
    }
}
