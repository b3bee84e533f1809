package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.api.types.flowcontrol.MandatoryObjects;
import io.hypernetes.api.types.flowcontrol.SuggestedObjects;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.api.types.scheduling.PriorityClassStrategy;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.rbac.DefaultRoles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What the operator's own world has from the first start on. */
public final class SystemWorld {

    /** The StorageClass of the built-in volume pool. */
    public static final String LOCAL_STORAGE_CLASS = "local";

    /** Its volumes are on the machine that the first pod with the claim is given to. */
    public static final String NODE_STORAGE_CLASS = "node-local";

    public static final String LOCAL_PROVISIONER = "local.hypernetes.io";

    /** The range of service addresses, the same in every world. */
    private static final String SERVICE_CIDR = "kubernetes";

    private static final List<String> NAMESPACES =
            List.of("default", "kube-system", "kube-public", "kube-node-lease", Account.NAMESPACE);

    /** Upstream's, with what they say of themselves. */
    private static final Map<String, String> SYSTEM_PRIORITIES =
            Map.of(
                    "system-cluster-critical",
                    "Used for system critical pods that must run in the cluster, but can be moved"
                            + " to another node if necessary.",
                    "system-node-critical",
                    "Used for system critical pods that must not be moved from their current"
                            + " node.");

    /**
     * Since which day uses of legacy tokens are marked (KEP-2799): kube-controller-manager wants to
     * know before it takes a token that nobody uses for one to be deleted.
     */
    private static final ObjectKey LEGACY_TOKENS =
            new ObjectKey(
                    Tenant.SYSTEM,
                    "kube-system",
                    "kube-apiserver-legacy-service-account-token-tracking");

    private SystemWorld() {}

    /** Makes what is missing and completes the default roles; at every start. */
    public static void bootstrap(Client client) {
        bootstrap(client, Optional.empty());
    }

    /**
     * The same.
     *
     * @param asked the ranges of services' addresses that the operator asks for, if any
     * @throws IllegalArgumentException when the installation has others
     */
    public static void bootstrap(Client client, Optional<ServiceRanges> asked) {
        Objects objects = new Objects(client);
        // A write waits for the disk, and one wait is enough for all that are under way.
        List<Runnable> steps = new ArrayList<>();
        for (String namespace : NAMESPACES) {
            ObjectKey key = key(namespace);
            steps.add(() -> objects.ensure(BuiltinTypes.NAMESPACES, key, Objects.named(key)));
        }
        DefaultRights rights = new DefaultRights(client);
        DefaultRoles.clusterRoles()
                .forEach(role -> steps.add(() -> rights.ensure(BuiltinTypes.CLUSTER_ROLES, role)));
        DefaultRoles.clusterRoleBindings()
                .forEach(binding ->
                        steps.add(
                                () -> rights.ensure(BuiltinTypes.CLUSTER_ROLE_BINDINGS, binding)));
        steps.add(() -> ensureServiceRanges(client, objects, asked));
        steps.add(() ->
                objects.ensure(
                        BuiltinTypes.STORAGE_CLASSES,
                        key(LOCAL_STORAGE_CLASS),
                        localStorageClass()));
        steps.add(() ->
                objects.ensure(
                        BuiltinTypes.STORAGE_CLASSES,
                        key(NODE_STORAGE_CLASS),
                        onLocalDisks(NODE_STORAGE_CLASS, "WaitForFirstConsumer")));
        SYSTEM_PRIORITIES.forEach((name, description) ->
                steps.add(() ->
                        objects.ensure(
                                BuiltinTypes.PRIORITY_CLASSES,
                                key(name),
                                Objects.named(key(name))
                                        .put("value", PriorityClassStrategy.OF_THE_SYSTEM.get(name))
                                        .put("description", description))));
        for (Map<String, JsonNode> levels :
                List.of(MandatoryObjects.PRIORITY_LEVELS, SuggestedObjects.PRIORITY_LEVELS)) {
            flowControl(objects, BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, levels, steps);
        }
        for (Map<String, JsonNode> schemas :
                List.of(MandatoryObjects.FLOW_SCHEMAS, SuggestedObjects.FLOW_SCHEMAS)) {
            flowControl(objects, BuiltinTypes.FLOW_SCHEMAS, schemas, steps);
        }
        ObjectKey tenant = key(Tenant.SYSTEM.name());
        steps.add(() -> objects.ensure(BuiltinTypes.TENANTS, tenant, Objects.named(tenant)));
        together(steps);
        ObjectNode tracking = Objects.named(LEGACY_TOKENS);
        tracking.putObject("data").put("since", LocalDate.now(ZoneOffset.UTC).toString());
        objects.ensure(BuiltinTypes.CONFIG_MAPS, LEGACY_TOKENS, tracking);
    }

    /** Does all of it at once; throws what the first of them threw. */
    private static void together(List<Runnable> steps) {
        List<CompletableFuture<Void>> all =
                steps.stream()
                        .map(step -> CompletableFuture.runAsync(step, Thread::startVirtualThread))
                        .toList();
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The RuntimeClass of the operator's pods that are no virtual machines; no tenant sees it. */
    public static void ensureHostRuntime(Client client) {
        ObjectKey key = key(HostRuntime.CLASS);
        new Objects(client)
                .ensure(
                        BuiltinTypes.RUNTIME_CLASSES,
                        key,
                        Objects.named(key).put("handler", HostRuntime.HANDLER));
    }

    private static void flowControl(
            Objects objects, ResourceType type, Map<String, JsonNode> specs, List<Runnable> steps) {
        specs.forEach((name, spec) -> {
            ObjectNode object = Objects.named(key(name));
            Metadata.ensureAnnotations(object).put("apf.kubernetes.io/autoupdate-spec", "true");
            object.set("spec", spec.deepCopy());
            steps.add(() -> objects.ensure(type, key(name), object));
        });
    }

    /** Addresses were given out of the ranges: a second family may be added, and that is all. */
    private static void ensureServiceRanges(
            Client client, Objects objects, Optional<ServiceRanges> asked) {
        ObjectNode wanted = Objects.named(key(SERVICE_CIDR));
        ArrayNode cidrs = wanted.putObject("spec").putArray("cidrs");
        asked.orElse(ServiceRanges.DEFAULT).cidrs().forEach(cidrs::add);
        objects.ensure(BuiltinTypes.SERVICE_CIDRS, key(SERVICE_CIDR), wanted);
        ServiceRanges now = serviceRanges(client);
        if (asked.isEmpty() || asked.get().equals(now)) {
            return;
        }
        List<String> more = asked.get().cidrs();
        if (!more.subList(0, 1).equals(now.cidrs())) {
            throw new IllegalArgumentException(
                    "this installation's service addresses come from %s, not from %s: ranges stay"
                                    .formatted(
                                            String.join(",", now.cidrs()), String.join(",", more))
                            + " as they are, but a first one of the other family may be added");
        }
        ObjectNode changed = client.get(BuiltinTypes.SERVICE_CIDRS, key(SERVICE_CIDR)).deepCopy();
        changed.set("spec", wanted.get("spec"));
        client.update(BuiltinTypes.SERVICE_CIDRS, Tenant.SYSTEM, changed);
    }

    /** Where services' addresses come from in every world. */
    public static ServiceRanges serviceRanges(Client client) {
        return client.find(BuiltinTypes.SERVICE_CIDRS, key(SERVICE_CIDR))
                .map(object ->
                        new ServiceRanges(
                                object.at("/spec/cidrs")
                                        .valueStream()
                                        .map(cidr -> cidr.asString(""))
                                        .toList()))
                .orElse(ServiceRanges.DEFAULT);
    }

    private static ObjectNode localStorageClass() {
        ObjectNode storageClass = onLocalDisks(LOCAL_STORAGE_CLASS, "Immediate");
        Metadata.ensureAnnotations(storageClass)
                .put("storageclass.kubernetes.io/is-default-class", "true");
        return storageClass;
    }

    private static ObjectNode onLocalDisks(String name, String bindingMode) {
        return Objects.named(key(name))
                .put("provisioner", LOCAL_PROVISIONER)
                .put("reclaimPolicy", "Delete")
                .put("volumeBindingMode", bindingMode);
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }
}
