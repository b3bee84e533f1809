package io.hypernetes.api.quota;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * What a pod has been given, beside what its spec asks for since (KEP-1287): its node writes it
 * into the statuses of its containers.
 */
public final class Allocated {

    private static final List<String> LISTS = List.of("containers", "initContainers");

    private Allocated() {}

    /** What to put in the place of a container's resources; empty to leave it. */
    private interface Change {
        Optional<ObjectNode> of(JsonNode container, JsonNode status);
    }

    /**
     * The spec as it counts for room and quota: the greater of what is asked for and what has been
     * given; only the latter when the node can never give more.
     */
    public static JsonNode counted(JsonNode pod) {
        boolean infeasible =
                pod.path("status")
                        .path("conditions")
                        .valueStream()
                        .anyMatch(condition ->
                                condition.path("type").asString("").equals("PodResizePending")
                                        && condition
                                                .path("reason")
                                                .asString("")
                                                .equals("Infeasible"));
        return changed(pod, (container, status) -> counted(container, status, infeasible))
                .path("spec");
    }

    private static Optional<ObjectNode> counted(
            JsonNode container, JsonNode status, boolean infeasible) {
        JsonNode given = status.path("allocatedResources");
        JsonNode asked = container.path("resources").path("requests");
        if (given.isEmpty() || given.equals(asked)) {
            return Optional.empty();
        }
        ResourceList allocated = ResourceList.of(given);
        ObjectNode resources = container.path("resources").deepCopy().asObject();
        resources.set(
                "requests",
                (infeasible ? allocated : ResourceList.of(asked).max(allocated)).tree());
        return Optional.of(resources);
    }

    /** The pod with what its running containers have in the place of what is asked for. */
    public static ObjectNode pod(ObjectNode pod) {
        return changed(pod, Allocated::given);
    }

    private static Optional<ObjectNode> given(JsonNode container, JsonNode status) {
        JsonNode actual = status.path("resources");
        if (actual.isEmpty() || !differs(container, status)) {
            return Optional.empty();
        }
        ObjectNode resources = actual.deepCopy().asObject();
        if (status.has("allocatedResources")) {
            resources.set("requests", status.get("allocatedResources"));
        }
        return Optional.of(resources);
    }

    /** Whether some container asks for other resources than it has been given. */
    public static boolean isResized(ObjectNode pod) {
        return pod(pod) != pod;
    }

    private static boolean differs(JsonNode container, JsonNode status) {
        JsonNode asked = container.path("resources");
        JsonNode actual = status.path("resources");
        return !same(asked.path("requests"), status.path("allocatedResources"))
                || !same(asked.path("limits"), actual.path("limits"));
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return one.equals(other) || ResourceList.of(one).equals(ResourceList.of(other));
    }

    private static <T extends JsonNode> T changed(T pod, Change change) {
        T copy = pod;
        for (String list : LISTS) {
            JsonNode containers = pod.path("spec").path(list);
            JsonNode statuses = pod.path("status").path(statusesOf(list));
            for (int i = 0; i < containers.size() && !statuses.isEmpty(); i++) {
                Optional<ObjectNode> resources =
                        change.of(containers.path(i), status(statuses, containers.path(i)));
                if (resources.isPresent()) {
                    copy = copy == pod ? copyOf(pod) : copy;
                    ((ObjectNode) copy.path("spec").path(list).path(i))
                            .set("resources", resources.get());
                }
            }
        }
        return copy;
    }

    @SuppressWarnings("unchecked") // a copy of a tree is of its kind
    private static <T extends JsonNode> T copyOf(T tree) {
        return (T) tree.deepCopy();
    }

    private static String statusesOf(String list) {
        return list.equals("containers") ? "containerStatuses" : "initContainerStatuses";
    }

    private static JsonNode status(JsonNode statuses, JsonNode container) {
        for (JsonNode status : statuses) {
            if (status.path("name").equals(container.path("name"))) {
                return status;
            }
        }
        return MissingNode.getInstance();
    }
}
