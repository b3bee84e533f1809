package io.hypernetes.server.output;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code Status} object of {@code meta/v1} as a tree. */
public final class Statuses {
    private Statuses() {}

    public static ObjectNode failure(Status status) {
        ObjectNode tree = begin("Failure");
        putUnlessEmpty(tree.withObject("metadata"), "continue", status.continueToken());
        tree.put("message", status.message());
        putUnlessEmpty(tree, "reason", status.reason().text());
        status.details().ifPresent(details -> tree.set("details", details(details)));
        tree.put("code", status.code());
        return tree;
    }

    /** What a deletion answers when the object is gone. */
    public static ObjectNode deleted(ResourceType type, String name, String uid) {
        ObjectNode tree = begin("Success");
        ObjectNode details = tree.putObject("details");
        details.put("name", name);
        if (!type.id().group().isEmpty()) {
            details.put("group", type.id().group());
        }
        details.put("kind", type.id().resource()).put("uid", uid);
        return tree;
    }

    /** What is done, where there is no object to show. */
    public static ObjectNode success(int code) {
        return begin("Success").put("code", code);
    }

    private static ObjectNode begin(String outcome) {
        ObjectNode tree = Json.object();
        tree.put("kind", "Status").put("apiVersion", "v1");
        tree.putObject("metadata");
        return tree.put("status", outcome);
    }

    private static ObjectNode details(Details details) {
        ObjectNode tree = Json.object();
        putUnlessEmpty(tree, "name", details.name());
        putUnlessEmpty(tree, "group", details.group());
        putUnlessEmpty(tree, "kind", details.kind());
        putUnlessEmpty(tree, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            ArrayNode causes = tree.putArray("causes");
            for (Cause cause : details.causes()) {
                ObjectNode one = causes.addObject();
                putUnlessEmpty(one, "reason", cause.reason());
                putUnlessEmpty(one, "message", cause.message());
                putUnlessEmpty(one, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() > 0) {
            tree.put("retryAfterSeconds", details.retryAfterSeconds());
        }
        return tree;
    }

    private static void putUnlessEmpty(ObjectNode tree, String field, String text) {
        if (!text.isEmpty()) {
            tree.put(field, text);
        }
    }
}
