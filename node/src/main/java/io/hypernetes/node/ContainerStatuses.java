package io.hypernetes.node;

import io.hypernetes.node.PodMemory.Waiting;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** The statuses of a pod's containers, from what the runtime tells now and the pod's old status. */
final class ContainerStatuses {

    private final JsonNode old;
    private final Optional<SandboxView> sandbox;
    private final PodMemory memory;
    private final String scheme;

    /**
     * @param old the pod's status before
     * @param runtime whose containers they are
     */
    ContainerStatuses(
            JsonNode old, Optional<SandboxView> sandbox, PodMemory memory, String runtime) {
        this.scheme = runtime + "://";
        this.old = old;
        this.sandbox = sandbox;
        this.memory = memory;
    }

    /**
     * @param field of the status, in which the old ones are
     * @param waitingFor the reason of those that nothing is known of
     */
    ArrayNode of(JsonNode containers, String field, String waitingFor) {
        ArrayNode statuses = JsonNodeFactory.instance.arrayNode();
        for (JsonNode container : containers) {
            boolean init =
                    field.equals("initContainerStatuses") && !StartOrder.isSidecar(container);
            statuses.add(status(container, before(field, container), init, waitingFor));
        }
        return statuses;
    }

    private JsonNode before(String field, JsonNode container) {
        for (JsonNode status : old.path(field)) {
            if (status.path("name").equals(container.path("name"))) {
                return status;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private ObjectNode status(
            JsonNode container, JsonNode before, boolean init, String waitingFor) {
        String name = container.path("name").asString("");
        Optional<ContainerView> latest = sandbox.flatMap(view -> view.latest(name));
        Optional<Waiting> waiting = memory.waiting(name);
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("name", name).put("image", container.path("image").asString(""));
        status.put("imageID", latest.map(ContainerView::imageId).orElse(""));
        latest.or(() -> memory.lost(name))
                .ifPresent(run -> status.put("containerID", scheme + run.id()));
        status.put(
                "restartCount",
                latest.or(() -> memory.lost(name))
                        .map(ContainerView::attempt)
                        .orElse(before.path("restartCount").asInt(0)));
        ObjectNode state = status.putObject("state");
        boolean running = latest.map(ContainerView::running).orElse(false);
        if (running) {
            state.putObject("running").put("startedAt", StatusBuilder.time(latest.get().started()));
        } else if (waiting.isPresent()) {
            ObjectNode text = state.putObject("waiting").put("reason", waiting.get().reason());
            if (!waiting.get().message().isEmpty()) {
                text.put("message", waiting.get().message());
            }
        } else if (latest.isPresent() && latest.get().exited()) {
            terminated(state, latest.get());
        } else {
            state.putObject("waiting").put("reason", waitingFor);
        }
        boolean ended = state.has("terminated");
        status.set("lastState", lastState(name, latest, before, ended));
        latest.filter(ContainerView::running)
                .ifPresent(run -> resources(status, container, before, run));
        health(status, container, latest, running, init);
        return status;
    }

    /** The end of the run before; the machine that it ran in may be gone with what it knew. */
    private ObjectNode lastState(
            String name, Optional<ContainerView> latest, JsonNode before, boolean ended) {
        ObjectNode last = JsonNodeFactory.instance.objectNode();
        Optional<ContainerView> previous =
                latest.filter(run -> run.exited() && !ended)
                        .or(() -> sandbox.flatMap(view -> view.previous(name)))
                        .or(() -> memory.lost(name))
                        .filter(ContainerView::exited);
        if (previous.isPresent()) {
            terminated(last, previous.get());
            return last;
        }
        boolean same =
                latest.filter(run ->
                                before.path("containerID").asString("").equals(scheme + run.id()))
                        .isPresent();
        JsonNode known = same ? before.path("lastState") : before.path("state");
        if (known.has("terminated")) {
            last.set("terminated", known.get("terminated"));
        } else if (!same && before.path("lastState").has("terminated")) {
            last.set("terminated", before.path("lastState").get("terminated"));
        }
        return last;
    }

    /**
     * What it has been given, and what it really has: they differ while a resize is under way
     * (KEP-1287).
     *
     * @param container with what it may have now
     */
    private static void resources(
            ObjectNode status, JsonNode container, JsonNode before, ContainerView run) {
        JsonNode resources = container.path("resources");
        if (resources.isEmpty()) {
            return;
        }
        if (before.has("resources")
                && !Resizer.same(CriConfigs.resources(container), run.resources())) {
            status.set("resources", before.get("resources"));
            status.set("allocatedResources", resources.path("requests"));
            return;
        }
        ObjectNode given = status.putObject("resources");
        for (String list : new String[] {"limits", "requests"}) {
            if (resources.path(list).isObject() && !resources.path(list).isEmpty()) {
                given.set(list, resources.get(list));
            }
        }
        if (given.has("requests")) {
            status.set("allocatedResources", given.get("requests"));
        }
    }

    private void health(
            ObjectNode status,
            JsonNode container,
            Optional<ContainerView> latest,
            boolean running,
            boolean init) {
        Optional<PodMemory.Health> health = latest.flatMap(run -> memory.health(run.id()));
        boolean started =
                running
                        && health.map(PodMemory.Health::started)
                                .orElse(!container.has("startupProbe"));
        boolean ready =
                started
                        && health.map(PodMemory.Health::ready)
                                .orElse(!container.has("readinessProbe"));
        boolean wellEnded = latest.map(run -> run.exited() && run.exitCode() == 0).orElse(false);
        status.put("started", started);
        status.put("ready", init ? wellEnded : ready);
    }

    private void terminated(ObjectNode state, ContainerView run) {
        ObjectNode terminated = state.putObject("terminated");
        terminated.put("exitCode", run.exitCode());
        if (run.exitCode() > 128 && run.exitCode() < 192) {
            terminated.put("signal", run.exitCode() - 128);
        }
        terminated.put("reason", reason(run));
        if (!run.message().isEmpty()) {
            terminated.put("message", run.message());
        }
        terminated.put("startedAt", StatusBuilder.time(run.started()));
        terminated.put("finishedAt", StatusBuilder.time(run.finished()));
        terminated.put("containerID", scheme + run.id());
    }

    private static String reason(ContainerView run) {
        if (!run.reason().isEmpty()) {
            return run.reason();
        }
        return run.exitCode() == 0 ? "Completed" : "Error";
    }
}
