package io.hypernetes.api.types;

import static io.hypernetes.api.types.Trees.has;
import static io.hypernetes.api.types.Trees.objects;
import static io.hypernetes.api.types.Trees.text;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
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
        Set<String> volumes = volumes();
        List<ObjectNode> containers = objects(spec.path("containers"));
        if (containers.isEmpty()) {
            errors.required("spec.containers", "");
        }
        Set<String> names = new HashSet<>();
        ContainerRules rules = new ContainerRules(volumes, names, errors);
        for (int i = 0; i < containers.size(); i++) {
            rules.check("spec.containers[" + i + "]", containers.get(i));
        }
        List<ObjectNode> init = objects(spec.path("initContainers"));
        for (int i = 0; i < init.size(); i++) {
            rules.check("spec.initContainers[" + i + "]", init.get(i));
        }
        errors.oneOf(
                "spec.restartPolicy",
                text(spec, "restartPolicy"),
                List.of("Always", "OnFailure", "Never"));
        errors.oneOf(
                "spec.dnsPolicy",
                text(spec, "dnsPolicy"),
                List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"));
        ObjectMetaValidation.labels(
                "spec.nodeSelector", PodRules.texts(spec.path("nodeSelector")), errors);
        form("serviceAccountName", false);
        form("nodeName", false);
        form("hostname", true);
        form("subdomain", true);
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
            String key = text(toleration, "key");
            String operator = text(toleration, "operator");
            if (!key.isEmpty()) {
                errors.form(field + ".key", key, Names.qualifiedName(key));
            } else if (!operator.equals("Exists")) {
                errors.invalidText(
                        field + ".operator",
                        operator,
                        "operator must be Exists when `key` is empty, which means \"match all"
                                + " values and all keys\"");
            }
            if (!operator.isEmpty()) {
                errors.oneOf(field + ".operator", operator, List.of("Equal", "Exists"));
            }
            String effect = text(toleration, "effect");
            if (!effect.isEmpty()) {
                errors.oneOf(
                        field + ".effect",
                        effect,
                        List.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
            }
            if (has(toleration, "tolerationSeconds") && !effect.equals("NoExecute")) {
                errors.invalidText(
                        field + ".effect",
                        effect,
                        "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
        }
    }

    /** The names of the volumes, which mounts refer to. */
    private Set<String> volumes() {
        Set<String> names = new HashSet<>();
        List<ObjectNode> volumes = objects(spec.path("volumes"));
        for (int i = 0; i < volumes.size(); i++) {
            String field = "spec.volumes[" + i + "]";
            String name = text(volumes.get(i), "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else {
                errors.form(field + ".name", name, Names.dnsLabel(name));
            }
            if (!names.add(name)) {
                errors.add(FieldError.duplicate(field + ".name", name));
            }
            source(field, volumes.get(i));
        }
        return names;
    }

    private void source(String field, ObjectNode volume) {
        List<String> sources = new ArrayList<>(volume.propertyNames());
        sources.remove("name");
        sources.removeIf(source -> !has(volume, source));
        for (String extra : sources.subList(Math.min(1, sources.size()), sources.size())) {
            errors.forbidden(field + "." + extra, "may not specify more than 1 volume type");
        }
        require(field, volume, "secret", "secretName");
        require(field, volume, "configMap", "name");
        require(field, volume, "persistentVolumeClaim", "claimName");
        require(field, volume, "hostPath", "path");
    }

    private void require(String field, ObjectNode volume, String source, String required) {
        if (has(volume, source) && text(volume, source, required).isEmpty()) {
            errors.required(field + "." + source + "." + required, "");
        }
    }
}
