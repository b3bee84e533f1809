package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What users should know of a pod or template that is valid: fields that are old or do nothing. */
public final class PodWarnings {

    private static final Map<String, String> DEPRECATED_NODE_LABELS =
            Map.of(
                    "beta.kubernetes.io/arch", "kubernetes.io/arch",
                    "beta.kubernetes.io/os", "kubernetes.io/os",
                    "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type",
                    "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
                    "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone");

    private static final Map<String, String> OLD_VOLUMES =
            Map.of(
                    "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
                    "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+",
                    "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
                    "flocker", "deprecated in v1.22, non-functional in v1.25+",
                    "storageos", "deprecated in v1.22, non-functional in v1.25+",
                    "quobyte", "deprecated in v1.22, non-functional in v1.25+",
                    "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
                    "cephfs", "deprecated in v1.28, non-functional in v1.31+",
                    "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private final List<String> warnings = new ArrayList<>();

    private PodWarnings() {}

    /**
     * @param pod a pod or a pod template
     */
    public static List<String> of(Field pod) {
        PodWarnings all = new PodWarnings();
        all.spec(pod.at("spec"));
        return List.copyOf(all.warnings);
    }

    private void spec(Field spec) {
        for (String label : spec.at("nodeSelector").keys()) {
            String better = DEPRECATED_NODE_LABELS.get(label);
            if (better != null) {
                warn(
                        spec.at("nodeSelector").key(label),
                        "deprecated since v1.14; use \"" + better + "\" instead");
            }
        }
        for (Field volume : spec.at("volumes").items()) {
            OLD_VOLUMES.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .filter(type -> volume.at(type.getKey()).isSet())
                    .forEach(type -> warn(volume.at(type.getKey()), type.getValue()));
        }
        Field secrets = spec.at("imagePullSecrets");
        for (Field secret : secrets.items()) {
            if (!secret.at("name").isGiven()) {
                warn(secret, "invalid empty name \"\"");
            }
        }
        duplicates(spec.at("hostAliases"), "ip");
        for (String list : List.of("initContainers", "containers")) {
            spec.at(list).items().forEach(this::container);
        }
        if (spec.at("terminationGracePeriodSeconds").number() < 0) {
            warn(
                    spec.at("terminationGracePeriodSeconds"),
                    "must be >= 0; negative values are invalid and will be treated as 1");
        }
    }

    private void container(Field container) {
        for (String list : List.of("limits", "requests")) {
            Field storage = container.at("resources", list).key("ephemeral-storage");
            var amount = Resources.parse(storage.value());
            if (amount != null && amount.amount().stripTrailingZeros().scale() > 0) {
                warn(
                        storage,
                        "fractional byte value \"" + amount + "\" is invalid, must be an integer");
            }
        }
        Set<String> names = new HashSet<>();
        for (Field variable : container.at("env").items()) {
            if (!names.add(variable.at("name").text())) {
                warnings.add(
                        variable.path()
                                + ": hides previous definition of \""
                                + variable.at("name").text()
                                + "\", which may be dropped when using apply");
            }
        }
        Set<String> ports = new HashSet<>();
        for (Field port : container.at("ports").items()) {
            String key = port.at("containerPort").number() + "/" + port.at("protocol").text();
            if (!ports.add(key)) {
                warn(port, "duplicate port definition with an earlier one");
            }
        }
    }

    private void duplicates(Field list, String field) {
        Set<String> known = new HashSet<>();
        for (Field item : list.items()) {
            if (!known.add(item.at(field).text())) {
                warn(item.at(field), "duplicate ip \"" + item.at(field).text() + "\"");
            }
        }
    }

    private void warn(Field field, String what) {
        warnings.add(field.path() + ": " + what);
    }
}
