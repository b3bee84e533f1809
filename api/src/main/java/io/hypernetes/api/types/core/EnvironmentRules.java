package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules for a container's environment. A name may come twice: the last one counts. */
final class EnvironmentRules {

    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef");
    private static final List<String> FIELDS =
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

    /** Fields of a pod that exist for volumes but not for variables. */
    private static final List<String> OTHER_FIELDS =
            List.of(
                    "metadata.annotations",
                    "metadata.labels",
                    "spec.restartPolicy",
                    "spec.schedulerName",
                    "status.phase");

    private static final Pattern SUBSCRIPTED = Pattern.compile("([^\\[]+)\\['([^']*)'\\]");

    private final Errors errors;

    EnvironmentRules(Errors errors) {
        this.errors = errors;
    }

    void check(String container, ObjectNode tree) {
        List<ObjectNode> variables = objects(tree.path("env"));
        for (int i = 0; i < variables.size(); i++) {
            String field = container + ".env[" + i + "]";
            String name = text(variables.get(i), "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else {
                errors.form(field + ".name", name, Names.environmentVariable(name));
            }
            if (variables.get(i).get("valueFrom") instanceof ObjectNode source) {
                valueFrom(field + ".valueFrom", source, !text(variables.get(i), "value").isEmpty());
            }
        }
        List<ObjectNode> maps = objects(tree.path("envFrom"));
        for (int i = 0; i < maps.size(); i++) {
            envFrom(container + ".envFrom", i, maps.get(i));
        }
    }

    private void valueFrom(String field, ObjectNode source, boolean hasValue) {
        List<String> given = SOURCES.stream().filter(type -> has(source, type)).toList();
        given.forEach(type -> source(field + "." + type, type, source.path(type)));
        if (given.isEmpty()) {
            errors.invalidText(
                    field,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`,"
                            + " `configMapKeyRef` or `secretKeyRef`");
        } else if (hasValue) {
            errors.invalidText(field, "", "may not be specified when `value` is not empty");
        } else if (given.size() > 1) {
            errors.invalidText(field, "", "may not have more than one field specified at a time");
        }
    }

    private void source(String field, String type, JsonNode source) {
        switch (type) {
            case "fieldRef" -> fieldPath(field, text(source, "fieldPath"));
            case "resourceFieldRef" -> {
                if (text(source, "resource").isEmpty()) {
                    errors.required(field + ".resource", "");
                }
            }
            default -> {
                String name = text(source, "name");
                errors.form(field + ".name", name, Names.dnsSubdomain(name));
                String key = text(source, "key");
                if (key.isEmpty()) {
                    errors.required(field + ".key", "");
                } else {
                    errors.form(field + ".key", key, Names.configKey(key));
                }
            }
        }
    }

    private void fieldPath(String field, String path) {
        Matcher subscripted = SUBSCRIPTED.matcher(path);
        if (path.isEmpty()) {
            errors.required(field + ".fieldPath", "");
        } else if (subscripted.matches()
                && OTHER_FIELDS.subList(0, 2).contains(subscripted.group(1))) {
            String key = subscripted.group(2);
            errors.form(field, key, Names.qualifiedName(key));
        } else if (OTHER_FIELDS.contains(path)) {
            errors.oneOf(field + ".fieldPath", path, FIELDS);
        } else if (!FIELDS.contains(path)) {
            errors.invalidText(
                    field + ".fieldPath",
                    path,
                    "error converting fieldPath: field label not supported: " + path);
        }
    }

    private void envFrom(String field, int index, ObjectNode map) {
        String item = field + "[" + index + "]";
        String prefix = text(map, "prefix");
        if (!prefix.isEmpty()) {
            errors.form(item + ".prefix", prefix, Names.environmentVariable(prefix));
        }
        List<String> given =
                List.of("configMapRef", "secretRef").stream()
                        .filter(type -> has(map, type))
                        .toList();
        for (String type : given) {
            String name = text(map, type, "name");
            if (name.isEmpty()) {
                errors.required(item + "." + type + ".name", "");
            } else {
                errors.form(item + "." + type + ".name", name, Names.dnsSubdomain(name));
            }
        }
        if (given.isEmpty()) {
            errors.invalidText(field, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (given.size() > 1) {
            errors.invalidText(field, "", "may not have more than one field specified at a time");
        }
    }
}
