package io.hypernetes.api.quota;

import io.hypernetes.api.GroupResource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A {@code ResourceQuota}, or the quota of a tenant, as one looks at it to charge or count.
 *
 * @param hard the limits to hold to
 */
public record Quota(ResourceList hard, List<Scope> scopes) {
    /** The names that, once limited, every container must say something about. */
    private static final Set<String> EXPLICIT =
            Set.of(
                    "cpu",
                    "memory",
                    "requests.cpu",
                    "requests.memory",
                    "limits.cpu",
                    "limits.memory");

    private static final Set<String> POD_NAMES =
            Set.of(
                    "pods",
                    "count/pods",
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");

    private static final Set<String> SERVICE_NAMES =
            Set.of("count/services", "services", "services.nodeports", "services.loadbalancers");

    private static final Set<String> CLAIM_NAMES =
            Set.of("count/persistentvolumeclaims", "persistentvolumeclaims", "requests.storage");

    /** To charge: the limits that the status shows. */
    public static Quota toCharge(ObjectNode object) {
        return of(object, object.path("status").path("hard"));
    }

    /** To count: the limits that are wished for. */
    public static Quota toCount(ObjectNode object) {
        return of(object, object.path("spec").path("hard"));
    }

    /** To charge: the limits of a whole tenant that its status shows. */
    public static Quota ofTenantToCharge(ObjectNode tenant) {
        return new Quota(
                ResourceList.of(tenant.path("status").path("quota").path("hard")), List.of());
    }

    /** To count: the limits that are wished for. */
    public static Quota ofTenantToCount(ObjectNode tenant) {
        return new Quota(
                ResourceList.of(tenant.path("spec").path("quota").path("hard")), List.of());
    }

    private static Quota of(ObjectNode object, JsonNode hard) {
        JsonNode spec = object.path("spec");
        List<Scope> scopes = new ArrayList<>();
        for (JsonNode scope : spec.path("scopes")) {
            scopes.add(new Scope(scope.asString(""), "Exists", List.of()));
        }
        for (JsonNode expression : spec.path("scopeSelector").path("matchExpressions")) {
            List<String> values = new ArrayList<>();
            expression.path("values").forEach(value -> values.add(value.asString("")));
            scopes.add(
                    new Scope(
                            expression.path("scopeName").asString(""),
                            expression.path("operator").asString(""),
                            values));
        }
        return new Quota(ResourceList.of(hard), scopes);
    }

    /** Which of the limits objects of this resource can use up. */
    public Set<String> names(GroupResource resource) {
        Set<String> names = new TreeSet<>();
        for (String name : hard.names()) {
            if (isOf(resource, name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static boolean isOf(GroupResource resource, String name) {
        if (name.equals(Usage.OBJECTS)) {
            return true;
        }
        if (name.equals(Usage.ADDRESSES)) {
            return resource.equals(Usage.SERVICES) || resource.equals(Usage.FLOATING_IPS);
        }
        if (name.equals(Usage.FLOATING)) {
            return resource.equals(Usage.FLOATING_IPS);
        }
        if (resource.equals(Usage.PODS)) {
            return POD_NAMES.contains(name)
                    || name.startsWith("hugepages-")
                    || name.startsWith("requests.hugepages-")
                    || name.startsWith("requests.")
                            && Usage.isExtended(name.substring("requests.".length()));
        }
        if (resource.equals(Usage.SERVICES)) {
            return SERVICE_NAMES.contains(name);
        }
        if (resource.equals(Usage.CLAIMS)) {
            return CLAIM_NAMES.contains(name) || name.contains(Usage.CLASS_SUFFIX);
        }
        return name.equals(Usage.countName(resource))
                || resource.group().isEmpty() && name.equals(resource.resource());
    }

    /** Whether the object is one that this quota is about. */
    public boolean covers(GroupResource resource, ObjectNode object) {
        return !names(resource).isEmpty()
                && scopes.stream().allMatch(scope -> scope.matches(resource, object));
    }

    /** What a pod does not say and must, as the message tells it; empty when all is said. */
    public Optional<String> unsaid(ObjectNode pod) {
        Set<String> required = new TreeSet<>(names(Usage.PODS));
        required.retainAll(EXPLICIT);
        if (required.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Set<String>> missing = new TreeMap<>();
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                JsonNode resources = container.path("resources");
                Set<String> said =
                        Usage.compute(
                                        ResourceList.of(resources.path("requests")),
                                        ResourceList.of(resources.path("limits")))
                                .keySet();
                for (String name : required) {
                    if (!said.contains(name)) {
                        missing.computeIfAbsent(name, _ -> new TreeSet<>())
                                .add(container.path("name").asString(""));
                    }
                }
            }
        }
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        missing.forEach(
                (name, containers) -> parts.add(name + " for: " + String.join(",", containers)));
        return Optional.of("must specify " + String.join("; ", parts));
    }
}
