package io.hypernetes.cli;

import io.hypernetes.api.json.Yaml;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OpenStack's {@code clouds.yaml}, where its own tools look for it; what is in a {@code
 * secure.yaml} beside it counts as if it were in it.
 */
final class CloudsFile {

    private CloudsFile() {}

    /**
     * The settings of one cloud, by names such as {@code auth_url}.
     *
     * @param environment names the file, when it is none of the usual
     */
    static Map<String, String> settings(String cloud, Map<String, String> environment) {
        Path file =
                candidates(environment)
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .orElseThrow(() ->
                                new CommandException(
                                        "there is no clouds.yaml here, in ~/.config/openstack or"
                                                + " in /etc/openstack"));
        Map<String, String> settings = new LinkedHashMap<>();
        boolean known = false;
        for (Path part : List.of(file, file.resolveSibling("secure.yaml"))) {
            JsonNode entry = entry(part, cloud);
            known |= entry.isObject();
            collect(entry, settings);
            collect(entry.path("auth"), settings);
        }
        if (!known) {
            throw new CommandException("there is no cloud '" + cloud + "' in " + file);
        }
        return settings;
    }

    private static Stream<Path> candidates(Map<String, String> environment) {
        Stream<Path> named =
                Optional.ofNullable(environment.get("OS_CLIENT_CONFIG_FILE"))
                        .map(Path::of)
                        .stream();
        Path home = Path.of(System.getProperty("user.home", "/"));
        return Stream.concat(
                named,
                Stream.of(
                        Path.of("clouds.yaml"),
                        home.resolve(".config/openstack/clouds.yaml"),
                        Path.of("/etc/openstack/clouds.yaml")));
    }

    private static JsonNode entry(Path file, String cloud) {
        if (!Files.isRegularFile(file)) {
            return tools.jackson.databind.node.MissingNode.getInstance();
        }
        try {
            return Yaml.parse(Files.readAllBytes(file)).tree().path("clouds").path(cloud);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e, e);
        }
    }

    private static void collect(JsonNode section, Map<String, String> settings) {
        section.properties()
                .forEach(field -> {
                    if (field.getValue().isValueNode()) {
                        settings.put(field.getKey(), field.getValue().asString(""));
                    }
                });
    }
}
