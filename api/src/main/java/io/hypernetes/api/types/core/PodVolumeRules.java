package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for a pod's volumes: names differ, and each has exactly one source. */
final class PodVolumeRules {

    private static final int MAX_MODE = 0777;

    private final Errors errors;

    PodVolumeRules(Errors errors) {
        this.errors = errors;
    }

    /** Returns the names of the volumes, which mounts refer to. */
    Set<String> check(List<ObjectNode> volumes) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < volumes.size(); i++) {
            String field = "spec.volumes[" + i + "]";
            source(field, volumes.get(i));
            String name = text(volumes.get(i), "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else {
                errors.form(field + ".name", name, Names.dnsLabel(name));
            }
            if (!names.add(name)) {
                errors.add(FieldError.duplicate(field + ".name", name));
            }
        }
        return names;
    }

    private void source(String field, ObjectNode volume) {
        List<String> sources = new ArrayList<>(volume.propertyNames());
        sources.remove("name");
        sources.removeIf(source -> !has(volume, source));
        if (sources.isEmpty()) {
            errors.required(field, "must specify a volume type");
        }
        sources.stream()
                .skip(1)
                .forEach(extra ->
                        errors.forbidden(
                                field + "." + extra, "may not specify more than 1 volume type"));
        require(field, volume, "secret", "secretName");
        require(field, volume, "configMap", "name");
        require(field, volume, "persistentVolumeClaim", "claimName");
        require(field, volume, "hostPath", "path");
        files(field + ".secret", volume.path("secret"));
        files(field + ".configMap", volume.path("configMap"));
    }

    private void require(String field, ObjectNode volume, String source, String required) {
        if (has(volume, source) && text(volume, source, required).isEmpty()) {
            errors.required(field + "." + source + "." + required, "");
        }
    }

    private void files(String field, JsonNode source) {
        mode(field + ".defaultMode", source.path("defaultMode"));
        List<ObjectNode> items = objects(source.path("items"));
        for (int i = 0; i < items.size(); i++) {
            String item = field + ".items[" + i + "]";
            if (text(items.get(i), "key").isEmpty()) {
                errors.required(item + ".key", "");
            }
            String path = text(items.get(i), "path");
            if (path.isEmpty()) {
                errors.required(item + ".path", "");
            } else {
                PodRules.descendingPath(item + ".path", path, errors);
            }
            mode(item + ".mode", items.get(i).path("mode"));
        }
    }

    private void mode(String field, JsonNode mode) {
        if (mode.isNumber() && (mode.asLong() < 0 || mode.asLong() > MAX_MODE)) {
            errors.invalid(
                    field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
