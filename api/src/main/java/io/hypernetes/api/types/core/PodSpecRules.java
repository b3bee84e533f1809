package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.ObjectMetaValidation;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** Rules for a pod's spec as a whole (core validation); those of its containers are apart. */
final class PodSpecRules {

    private final ObjectNode spec;
    private final Errors errors;

    PodSpecRules(ObjectNode spec, Errors errors) {
        this.spec = spec;
        this.errors = errors;
    }

    void check() {
        Set<String> volumes = new PodVolumeRules(errors).check(objects(spec.path("volumes")));
        List<ObjectNode> containers = objects(spec.path("containers"));
        if (containers.isEmpty()) {
            errors.required("spec.containers", "");
        }
        long grace = spec.path("terminationGracePeriodSeconds").asLong(0);
        ContainerRules rules = new ContainerRules(volumes, new HandlerRules(grace, errors), errors);
        for (int i = 0; i < containers.size(); i++) {
            rules.check("spec.containers[" + i + "]", containers.get(i));
        }
        List<ObjectNode> init = objects(spec.path("initContainers"));
        for (int i = 0; i < init.size(); i++) {
            rules.checkInit("spec.initContainers[" + i + "]", init.get(i));
        }
        errors.oneOf(
                "spec.restartPolicy",
                text(spec, "restartPolicy"),
                List.of("Always", "OnFailure", "Never"));
        ObjectMetaValidation.labels(
                "spec.nodeSelector", PodRules.texts(spec.path("nodeSelector")), errors);
        new ResolverRules(spec, errors).check();
        form("serviceAccountName", false);
        form("nodeName", false);
        form("hostname", true);
        form("subdomain", true);
        form("priorityClassName", false);
        form("runtimeClassName", false);
        seconds();
        tolerations();
    }

    private void form(String field, boolean label) {
        String value = text(spec, field);
        if (!value.isEmpty()) {
            errors.form(
                    "spec." + field,
                    value,
                    label ? Names.dnsLabel(value) : Names.dnsSubdomain(value));
        }
    }

    private void seconds() {
        if (has(spec, "activeDeadlineSeconds")) {
            long deadline = spec.path("activeDeadlineSeconds").asLong(0);
            if (deadline < 1 || deadline > Integer.MAX_VALUE) {
                errors.invalid(
                        "spec.activeDeadlineSeconds",
                        deadline,
                        "must be between 1 and 2147483647, inclusive");
            }
        }
        long grace = spec.path("terminationGracePeriodSeconds").asLong(0);
        if (grace < 0) {
            errors.invalid(
                    "spec.terminationGracePeriodSeconds",
                    grace,
                    "must be greater than or equal to 0");
        }
    }

    private void tolerations() {
        List<ObjectNode> tolerations = objects(spec.path("tolerations"));
        for (int i = 0; i < tolerations.size(); i++) {
            ObjectNode toleration = tolerations.get(i);
            String field = "spec.tolerations[" + i + "]";
            toleration(field, toleration);
            String effect = text(toleration, "effect");
            if (has(toleration, "tolerationSeconds") && !effect.equals("NoExecute")) {
                errors.invalidText(
                        field + ".effect",
                        effect,
                        "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            if (!effect.isEmpty()) {
                errors.oneOf(field + ".effect", effect, NodeStrategy.EFFECTS);
            }
        }
    }

    private void toleration(String field, ObjectNode toleration) {
        String key = text(toleration, "key");
        String value = text(toleration, "value");
        String operator = text(toleration, "operator");
        if (!key.isEmpty()) {
            errors.form(field + ".key", key, Names.qualifiedName(key));
        } else if (!operator.equals("Exists")) {
            errors.invalidText(
                    field + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values"
                            + " and all keys\"");
        }
        switch (operator) {
            case "", "Equal" -> {
                List<String> wrong = Names.labelValue(value);
                if (!wrong.isEmpty()) {
                    errors.invalidText(field + ".operator", value, String.join(";", wrong));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    errors.invalidText(
                            field + ".operator",
                            value,
                            "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> errors.oneOf(field + ".operator", operator, List.of("Equal", "Exists"));
        }
    }
}
