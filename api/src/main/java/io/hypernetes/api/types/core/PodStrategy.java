package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

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
        pod.putObject("status")
                .put("phase", "Pending")
                .put("qosClass", QualityOfService.of(Trees.child(pod, "spec")));
    }

    @Override
    protected void rules(Field object) {
        ObjectNode pod = object.object();
        Errors errors = object.errors();
        if (pod.get("spec") instanceof ObjectNode spec) {
            new PodSpecRules(spec, errors).check();
        } else {
            errors.required("spec.containers", "");
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode pod = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        PodUpdateRules.check(pod, old, errors);
    }

    @Override
    public long gracePeriodSeconds(ObjectNode pod) {
        // Nothing runs before a node has it, or after it ended: nothing to wait for.
        String phase = Trees.text(pod, "status", "phase");
        boolean unscheduled = Trees.text(pod, "spec", "nodeName").isEmpty();
        if (unscheduled || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        return Math.max(0, Trees.at(pod, "spec", "terminationGracePeriodSeconds").asLong(30));
    }

    @Override
    public List<String> selectableFields() {
        return List.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName");
    }
}
