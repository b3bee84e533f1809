package io.hypernetes.cli.admin;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/**
 * The one question there is: put a copy in the place of the state.
 *
 * @param store the file that the command believes the server serves
 * @param source made by backup
 */
public record RestoreRequest(Path store, Path source) {

    byte[] line() {
        ObjectNode tree = Json.object();
        tree.put("command", "restore");
        tree.put("store", store.toString());
        tree.put("source", source.toString());
        return Line.of(tree);
    }

    static RestoreRequest parse(ObjectNode tree) {
        if (!tree.path("command").asString("").equals("restore")) {
            throw new AdminException(
                    "the server does not know this command: is it of another version?");
        }
        return new RestoreRequest(
                Path.of(tree.path("store").asString("")),
                Path.of(tree.path("source").asString("")));
    }
}
