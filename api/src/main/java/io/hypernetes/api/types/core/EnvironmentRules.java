package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Paths;

import java.util.List;

/** Rules for the environment variables of a container and where their values come from. */
final class EnvironmentRules {

    private static final List<String> SOURCES =
            List.of(
                    "fieldRef",
                    "resourceFieldRef",
                    "configMapKeyRef",
                    "secretKeyRef",
                    "fileKeyRef");

    private EnvironmentRules() {}

    static void check(Field container) {
        for (Field variable : container.at("env").items()) {
            variable.at("name").required().form(Names::environmentVariable);
            if (variable.at("valueFrom").isSet()) {
                valueFrom(variable.at("valueFrom"), variable.at("value").isGiven());
            }
        }
        Field maps = container.at("envFrom");
        maps.items().forEach(map -> envFrom(maps, map));
    }

    private static void valueFrom(Field source, boolean hasValue) {
        List<String> given = SOURCES.stream().filter(type -> source.at(type).isSet()).toList();
        given.forEach(type -> source(type, source.at(type)));
        if (given.isEmpty()) {
            source.invalid(
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`,"
                            + " `secretKeyRef` or `fileKeyRef`");
        } else if (hasValue) {
            source.invalid("", "may not be specified when `value` is not empty");
        } else if (given.size() > 1) {
            source.invalid("", "may not have more than one field specified at a time");
        }
    }

    private static void source(String type, Field source) {
        switch (type) {
            case "fieldRef" -> DownwardRules.variable(source);
            case "resourceFieldRef" -> DownwardRules.resource(source, false);
            case "fileKeyRef" -> {
                source.at("key").required().form(Names::environmentVariable);
                source.at("volumeName").required().form(Names::dnsLabel);
                source.at("path").required();
                Paths.noBacksteps(source.at("path"));
            }
            default -> {
                source.at("name").form(Names::dnsSubdomain);
                source.at("key").required().form(Names::configKey);
            }
        }
    }

    /** Files with variables lie in volumes that begin empty (KEP-3721). */
    static void fileVolumes(Field spec) {
        for (String list : ContainerLists.ALL) {
            for (Field container : spec.at(list).items()) {
                for (Field variable : container.at("env").items()) {
                    Field file = variable.at("valueFrom", "fileKeyRef");
                    if (file.isSet()) {
                        fileVolume(file.at("volumeName"), spec.at("volumes"));
                    }
                }
            }
        }
    }

    private static void fileVolume(Field name, Field volumes) {
        List<Field> named =
                volumes.items().stream().filter(v -> v.at("name").is(name.text())).toList();
        if (named.isEmpty()) {
            name.notFound();
        } else if (!named.getLast().at("emptyDir").isSet()) {
            name.invalid("referenced volume must be of type emptyDir");
        }
    }

    private static void envFrom(Field maps, Field map) {
        map.at("prefix").ifGiven().form(Names::environmentVariable);
        List<String> given =
                List.of("configMapRef", "secretRef").stream()
                        .filter(type -> map.at(type).isSet())
                        .toList();
        given.forEach(type -> map.at(type, "name").required().form(Names::dnsSubdomain));
        if (given.isEmpty()) {
            maps.invalid("", "must specify one of: `configMapRef` or `secretRef`");
        } else if (given.size() > 1) {
            maps.invalid("", "may not have more than one field specified at a time");
        }
    }
}
