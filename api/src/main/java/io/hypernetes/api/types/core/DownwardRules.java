package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Paths;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules for what a container may learn of its own pod (the downward API). */
final class DownwardRules {

    private static final List<String> IN_FILES =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid");

    private static final List<String> IN_VARIABLES =
            List.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.serviceAccountName",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");

    /** Known, though not to containers. */
    private static final List<String> OTHERS =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "status.phase");

    private static final List<String> RESOURCES =
            List.of(
                    "limits.cpu",
                    "limits.ephemeral-storage",
                    "limits.memory",
                    "requests.cpu",
                    "requests.ephemeral-storage",
                    "requests.memory");

    private static final String DIVISORS =
            "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

    private static final Pattern SUBSCRIPTED = Pattern.compile("([^\\[]+)\\['([^']*)'\\]");

    private DownwardRules() {}

    static void volume(Field source) {
        VolumeSourceRules.mode(source.at("defaultMode"));
        source.at("items").items().forEach(item -> file(source, item));
    }

    /**
     * @param told upstream tells mistakes at the list's owner, without the item's index
     */
    static void file(Field told, Field item) {
        Field file = item.named(told.path());
        file.at("path").required();
        Paths.descendingUnreserved(file.at("path"));
        if (file.at("fieldRef").isSet()) {
            field(file.at("fieldRef"), IN_FILES);
            if (file.at("resourceFieldRef").isSet()) {
                file.invalid(
                        "resource",
                        "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.at("resourceFieldRef").isSet()) {
            resource(file.at("resourceFieldRef"), true);
        } else {
            file.tellRequired("one of fieldRef and resourceFieldRef is required");
        }
        VolumeSourceRules.mode(file.at("mode"));
    }

    static void variable(Field reference) {
        field(reference, IN_VARIABLES);
    }

    private static void field(Field reference, List<String> known) {
        Field path = reference.at("fieldPath");
        if (!path.isGiven()) {
            path.required();
            return;
        }
        String version = reference.at("apiVersion").text();
        if (!version.isEmpty() && !version.equals("v1")) {
            path.invalid("error converting fieldPath: unsupported pod version: " + version);
            return;
        }
        Matcher subscripted = SUBSCRIPTED.matcher(path.text());
        if (subscripted.matches()) {
            String key = subscripted.group(2);
            switch (subscripted.group(1)) {
                case "metadata.annotations" -> key(reference, key.toLowerCase(Locale.ROOT));
                case "metadata.labels" -> key(reference, key);
                default -> unknown(path);
            }
        } else if (OTHERS.contains(path.text()) || IN_VARIABLES.contains(path.text())) {
            path.oneOf(known);
        } else {
            unknown(path);
        }
    }

    private static void key(Field reference, String key) {
        Names.qualifiedName(key).forEach(sentence -> reference.invalid(key, sentence));
    }

    private static void unknown(Field path) {
        path.invalid("error converting fieldPath: field label not supported: " + path.text());
    }

    static void resource(Field reference, boolean inFile) {
        Field name = reference.at("resource");
        String resource = name.text();
        boolean hugePages =
                resource.startsWith("limits.hugepages-")
                        || resource.startsWith("requests.hugepages-");
        if (inFile && !reference.at("containerName").isGiven()) {
            reference.at("containerName").required();
        } else if (resource.isEmpty()) {
            name.required();
        } else if (!hugePages) {
            name.oneOf(RESOURCES);
        }
        Quantity divisor = Resources.parse(reference.at("divisor").value());
        boolean known = hugePages || RESOURCES.contains(resource);
        if (divisor == null || divisor.signum() == 0 || !known) {
            return;
        }
        String shown = divisor.toString();
        if (resource.endsWith(".cpu") && !Set.of("1m", "1").contains(shown)) {
            divisor(reference, resource, "1m and 1 are supported with the cpu resource");
        } else if (!resource.endsWith(".cpu") && !List.of(DIVISORS.split(", ")).contains(shown)) {
            String what =
                    hugePages
                            ? "hugepages"
                            : resource.endsWith(".memory") ? "memory" : "local ephemeral storage";
            divisor(
                    reference,
                    resource,
                    DIVISORS + " are supported with the " + what + " resource");
        }
    }

    private static void divisor(Field reference, String resource, String rule) {
        reference.at("divisor").invalid(resource, "only divisor's values " + rule);
    }
}
