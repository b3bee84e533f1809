package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Turns the name of a pod's PriorityClass into its number. */
final class PodPriority implements AdmissionController {
    private static final String PREEMPTING = "PreemptLowerPriority";

    /** Every world has these, whether or not somebody made an object of that name. */
    private static final Map<String, Integer> SYSTEM =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    private record Priority(String className, int value, String preemption) {}

    /** What pods get that name no class: in a world, as it was at the last change of any class. */
    private record Standard(long at, Priority priority) {}

    private static final int REMEMBERED = 1_000;

    private final Reads reads;
    private final WorldObjects classes;
    private final Map<Tenant, Standard> standards = new ConcurrentHashMap<>();

    PodPriority(Reads reads) {
        this.reads = reads;
        this.classes = new WorldObjects(reads, "scheduling.k8s.io", "priorityclasses");
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!(request.object().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (request.updates(BuiltinTypes.PODS)) {
            request.old().ifPresent(old -> kept(spec, old.path("spec")));
            return;
        }
        if (!request.creates(BuiltinTypes.PODS)) {
            return;
        }
        Priority priority = priority(request, spec.path("priorityClassName").asString(""));
        JsonNode value = spec.path("priority");
        if (value.isIntegralNumber() && value.intValue() != priority.value()) {
            throw forbidden(
                    request,
                    "the integer value of priority ("
                            + value.intValue()
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + priority.value()
                            + " from the given PriorityClass name");
        }
        String policy = spec.path("preemptionPolicy").asString("");
        if (!policy.isEmpty() && !policy.equals(priority.preemption())) {
            throw forbidden(
                    request,
                    "the string value of PreemptionPolicy ("
                            + policy
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + priority.preemption()
                            + " from the given PriorityClass name");
        }
        if (!priority.className().isEmpty()) {
            spec.put("priorityClassName", priority.className());
        }
        spec.put("priority", priority.value()).put("preemptionPolicy", priority.preemption());
    }

    /** Who leaves out what was set when the pod was made does not take it away. */
    private static void kept(ObjectNode spec, JsonNode old) {
        for (String field : List.of("priority", "preemptionPolicy")) {
            if (!spec.has(field) && old.has(field)) {
                spec.set(field, old.get(field));
            }
        }
    }

    private Priority priority(AdmissionRequest request, String name) {
        if (name.isEmpty()) {
            return standard(request.call().tenant());
        }
        Optional<Served> found = classes.find(request.call().tenant(), "", name);
        if (found.isEmpty() && SYSTEM.containsKey(name)) {
            return new Priority(name, SYSTEM.getOrDefault(name, 0), PREEMPTING);
        }
        return found.map(PodPriority::of)
                .orElseThrow(() ->
                        forbidden(request, "no PriorityClass with name " + name + " was found"));
    }

    private Priority standard(Tenant tenant) {
        long at = classes.type().map(reads::changedAt).orElse(0L);
        Standard known = standards.get(tenant);
        if (known != null && known.at() == at) {
            return known.priority();
        }
        Priority found =
                classes.list(tenant, "").stream()
                        .filter(c -> c.tree().path("globalDefault").asBoolean(false))
                        .map(PodPriority::of)
                        .min(Comparator.comparing(Priority::value))
                        .orElse(new Priority("", 0, PREEMPTING));
        if (standards.size() >= REMEMBERED) {
            standards.clear();
        }
        standards.put(tenant, new Standard(at, found));
        return found;
    }

    private static Priority of(Served priorityClass) {
        ObjectNode tree = priorityClass.tree();
        return new Priority(
                priorityClass.path().name(),
                tree.path("value").asInt(0),
                tree.path("preemptionPolicy").asString(PREEMPTING));
    }

    /** A world has one default. */
    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (request.writes()
                && classes.type().filter(request::isFor).isPresent()
                && request.object().path("globalDefault").asBoolean(false)) {
            for (Served other : classes.list(request.call().tenant(), "")) {
                if (other.tree().path("globalDefault").asBoolean(false)
                        && !other.path().name().equals(request.name())) {
                    throw forbidden(
                            request,
                            "PriorityClass "
                                    + other.path().name()
                                    + " is already marked as default. Only one default can exist");
                }
            }
        }
        return List.of();
    }

    private static ApiException forbidden(AdmissionRequest request, String detail) {
        return ApiException.forbidden(request.type().id(), request.name(), detail);
    }
}
