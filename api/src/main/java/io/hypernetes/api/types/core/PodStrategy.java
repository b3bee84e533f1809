package io.hypernetes.api.types.core;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;

/** Pods. */
public final class PodStrategy extends KindStrategy {

    public PodStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode pod) {
        PodDefaults.apply(Trees.child(pod, "spec"));
    }

    @Override
    public void prepareForCreate(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending")
                .put("qosClass", QualityOfService.of(Trees.child(pod, "spec")));
        if (!Trees.at(pod, "spec", "schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put(
                            "lastTransitionTime",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", "SchedulingGated")
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
    }

    /** Owners are not the status's business; its class is what it was when it was made. */
    @Override
    public void prepareForStatusUpdate(ObjectNode pod, ObjectNode old) {
        super.prepareForStatusUpdate(pod, old);
        Trees.copy("ownerReferences", Metadata.ensureMetadata(old), Metadata.ensureMetadata(pod));
        ObjectNode status = Trees.child(pod, "status");
        if (Trees.text(status, "qosClass").isEmpty()) {
            Trees.copy("qosClass", Trees.child(old, "status"), status);
        }
    }

    @Override
    protected void rules(Field pod) {
        PodAnnotationRules.check(pod.at("metadata", "annotations"), pod.at("spec"));
        PodSpecRules.ofPod(pod.at("spec"), pod.at("metadata", "name").text());
        if (!pod.at("spec", "serviceAccountName").isGiven()) {
            for (Field volume : pod.at("spec", "volumes").items()) {
                for (Field source : volume.at("projected", "sources").items()) {
                    source.at("serviceAccountToken")
                            .forbiddenIfSet(
                                    "must not be specified when serviceAccountName is not set");
                }
            }
        }
    }

    /**
     * Nearly every update of a pod is about its labels, annotations, finalizers or owners, or binds
     * it.
     */
    @Override
    protected void rules(Field pod, Field old) {
        Field spec = pod.at("spec");
        boolean bound = addsTheNodeAlone(spec.object(), old.at("spec").object());
        if (!bound && !spec.same(old.at("spec"))) {
            rules(pod);
            return;
        }
        PodAnnotationRules.check(pod.at("metadata", "annotations"), spec);
        if (bound) {
            PodSpecRules.nodeName(spec);
        }
    }

    private static boolean addsTheNodeAlone(ObjectNode spec, ObjectNode old) {
        return spec.has("nodeName")
                && !old.has("nodeName")
                && spec.size() == old.size() + 1
                && old.propertyStream()
                        .allMatch(field -> Json.same(field.getValue(), spec.path(field.getKey())));
    }

    @Override
    protected void createRules(Field pod) {
        Field spec = pod.at("spec");
        spec.at("ephemeralContainers").forbiddenIfGiven("cannot be set on create");
        if (spec.at("nodeName").isGiven() && spec.at("schedulingGates").isGiven()) {
            spec.at("nodeName")
                    .forbidden("cannot be set until all schedulingGates have been cleared");
        }
    }

    @Override
    protected void updateRules(Field pod, Field old) {
        PodUpdateRules.check(pod, old);
    }

    @Override
    protected void statusRules(Field pod, Field old) {
        PodStatusRules.check(pod, old);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode pod) {
        return PodWarnings.of(Field.root(pod, new Errors()));
    }

    @Override
    public List<String> warningsOnUpdate(ObjectNode pod, ObjectNode old) {
        return List.of();
    }

    @Override
    public long gracePeriodSeconds(ObjectNode pod, OptionalLong asked) {
        // Nothing runs before a node has it, or after it ended: nothing to wait for.
        String phase = Trees.text(pod, "status", "phase");
        boolean unscheduled = Trees.text(pod, "spec", "nodeName").isEmpty();
        if (unscheduled || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        long own = Trees.at(pod, "spec", "terminationGracePeriodSeconds").asLong(30);
        long seconds = asked.orElse(own);
        return seconds < 0 ? 1 : seconds;
    }

    @Override
    public List<String> selectableFields() {
        return List.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.podIPs",
                "status.nominatedNodeName");
    }

    /** {@code status.podIPs} can be asked for and is always empty, as upstream. */
    @Override
    public String selectableValue(ObjectNode pod, String field) {
        return switch (field) {
            case "spec.hostNetwork" ->
                    Boolean.toString(Trees.at(pod, "spec", "hostNetwork").asBoolean(false));
            case "status.podIPs" -> "";
            default -> super.selectableValue(pod, field);
        };
    }
}
