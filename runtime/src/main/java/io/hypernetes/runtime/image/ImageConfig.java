package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * What an image says about the process to run in it (OCI image specification, configuration).
 *
 * @param env {@code NAME=value} each
 * @param user {@code ""}, {@code uid}, {@code name}, either with {@code :group}
 * @param stopSignal a name ({@code SIGTERM}) or number; empty for the default
 */
public record ImageConfig(
        List<String> entrypoint,
        List<String> cmd,
        List<String> env,
        String workingDir,
        String user,
        String stopSignal) {

    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        env = List.copyOf(env);
    }

    /** From the {@code config} member of a configuration document. */
    static ImageConfig read(JsonNode config) {
        return new ImageConfig(
                strings(config.path("Entrypoint")),
                strings(config.path("Cmd")),
                strings(config.path("Env")),
                config.path("WorkingDir").asString(""),
                config.path("User").asString(""),
                config.path("StopSignal").asString(""));
    }

    void write(ObjectNode node) {
        write(node.putArray("Entrypoint"), entrypoint);
        write(node.putArray("Cmd"), cmd);
        write(node.putArray("Env"), env);
        node.put("WorkingDir", workingDir).put("User", user).put("StopSignal", stopSignal);
    }

    static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        for (JsonNode node : list) {
            strings.add(node.asString(""));
        }
        return strings;
    }

    static void write(ArrayNode node, List<String> strings) {
        strings.forEach(node::add);
    }
}
