package io.hypernetes.api.patch;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * RFC 6902. As in upstream's server, {@code test} for null also holds for a field that is missing,
 * and the message of a patch that does not apply is fixed; the operation that failed is told in the
 * causes.
 */
public final class JsonPatch {

    /** More operations than this are refused, as upstream does. */
    public static final int MAX_OPERATIONS = 10_000;

    /**
     * Bytes that all {@code copy} operations together may add: a few could else fill the memory.
     */
    private static final int MAX_COPIED_BYTES = 3 << 20;

    /** The document, which an operation on the root replaces. */
    private JsonNode document;

    private long copied;

    private JsonPatch(ObjectNode document) {
        this.document = document;
    }

    /**
     * The changed copy of {@code target}. Throws BadRequest for a patch that is none, Invalid (422)
     * for one that does not apply, RequestEntityTooLarge for one with too many operations.
     */
    public static ObjectNode apply(JsonNode patch, ObjectNode target) {
        if (!(patch instanceof ArrayNode operations)) {
            throw ApiException.badRequest(
                    "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
        }
        if (operations.size() > MAX_OPERATIONS) {
            throw ApiException.of(
                    Reason.REQUEST_ENTITY_TOO_LARGE,
                    "Request entity too large: The allowed maximum operations in a JSON patch is "
                            + MAX_OPERATIONS
                            + ", got "
                            + operations.size());
        }
        JsonPatch state = new JsonPatch(target.deepCopy());
        for (int i = 0; i < operations.size(); i++) {
            try {
                state.apply(operations.get(i));
            } catch (PatchFailure e) {
                throw doesNotApply("[" + i + "]", e.detail());
            }
        }
        if (state.document instanceof ObjectNode object) {
            return object;
        }
        throw doesNotApply("", "the patched document is no object");
    }

    private static ApiException doesNotApply(String operation, String detail) {
        return new ApiException(
                new Status(
                        Reason.INVALID.code(),
                        Reason.INVALID,
                        "the server rejected our request due to an error in our request",
                        Optional.of(
                                new Details(
                                        "",
                                        "",
                                        "",
                                        "",
                                        List.of(
                                                new Cause(
                                                        "FieldValueInvalid",
                                                        detail,
                                                        "patch" + operation)),
                                        0))));
    }

    private void apply(JsonNode operation) throws PatchFailure {
        JsonPointer path = pointer(operation, "path");
        String op = operation.path("op").asString("");
        switch (op) {
            case "add" -> add(path, value(operation), op);
            case "remove" -> remove(path, op);
            case "replace" -> replace(path, value(operation));
            case "move" -> {
                JsonPointer from = pointer(operation, "from");
                if (path.isInside(from)) {
                    throw new PatchFailure(
                            "move operation does not apply: \""
                                    + path.text()
                                    + "\" is inside \""
                                    + from.text()
                                    + "\"");
                }
                JsonNode moved = find(from, op);
                if (!path.equals(from)) {
                    remove(from, op);
                    add(path, moved, op);
                }
            }
            case "copy" -> {
                JsonNode original = find(pointer(operation, "from"), op);
                copied += Json.write(original).length;
                if (copied > MAX_COPIED_BYTES) {
                    throw new PatchFailure(
                            "Unable to complete the copy, the accumulated size increase of copy"
                                    + " exceeds the limit "
                                    + MAX_COPIED_BYTES);
                }
                add(path, original.deepCopy(), op);
            }
            case "test" -> test(path, value(operation));
            default -> throw new PatchFailure("Unexpected kind: " + op);
        }
    }

    private static JsonPointer pointer(JsonNode operation, String field) throws PatchFailure {
        JsonNode text = operation.path(field);
        if (!text.isString()) {
            throw new PatchFailure("the operation has no \"" + field + "\"");
        }
        return JsonPointer.parse(text.stringValue());
    }

    private static JsonNode value(JsonNode operation) throws PatchFailure {
        JsonNode value = operation.path("value");
        if (value.isMissingNode()) {
            throw new PatchFailure("the operation has no \"value\"");
        }
        return value.deepCopy();
    }

    private void add(JsonPointer path, JsonNode value, String op) throws PatchFailure {
        if (path.isRoot()) {
            document = value;
            return;
        }
        switch (container(path, op)) {
            case ObjectNode object -> object.set(path.last(), value);
            case ArrayNode array when path.last().equals("-") -> array.add(value);
            case ArrayNode array -> array.insert(index(path, array.size() + 1, op), value);
            default -> throw missing(path, op);
        }
    }

    private void remove(JsonPointer path, String op) throws PatchFailure {
        if (path.isRoot()) {
            document = NullNode.getInstance();
            return;
        }
        find(path, op);
        switch (container(path, op)) {
            case ObjectNode object -> object.remove(path.last());
            case ArrayNode array -> array.remove(index(path, array.size(), op));
            default -> throw missing(path, op);
        }
    }

    private void replace(JsonPointer path, JsonNode value) throws PatchFailure {
        if (path.isRoot()) {
            document = value;
            return;
        }
        find(path, "replace");
        switch (container(path, "replace")) {
            case ObjectNode object -> object.set(path.last(), value);
            case ArrayNode array -> array.set(index(path, array.size(), "replace"), value);
            default -> throw missing(path, "replace");
        }
    }

    private void test(JsonPointer path, JsonNode wanted) throws PatchFailure {
        JsonNode actual = walk(path.steps());
        if (actual.isMissingNode() ? !wanted.isNull() : !Json.same(actual, wanted)) {
            throw new PatchFailure("testing value " + path.text() + " failed: test failed");
        }
    }

    private JsonNode find(JsonPointer path, String op) throws PatchFailure {
        JsonNode node = walk(path.steps());
        if (node.isMissingNode()) {
            throw missing(path, op);
        }
        return node;
    }

    private JsonNode container(JsonPointer path, String op) throws PatchFailure {
        JsonNode container = walk(path.parent());
        if (container.isMissingNode()) {
            throw missing(path, op);
        }
        return container;
    }

    private JsonNode walk(List<String> steps) {
        JsonNode node = document;
        for (String step : steps) {
            node =
                    switch (node) {
                        case ObjectNode object -> object.path(step);
                        case ArrayNode array when isIndex(step) ->
                                array.path(Integer.parseInt(step));
                        default -> MissingNode.getInstance();
                    };
        }
        return node;
    }

    private static boolean isIndex(String step) {
        return step.equals("0") || step.matches("[1-9][0-9]{0,8}");
    }

    private static int index(JsonPointer path, int bound, String op) throws PatchFailure {
        if (isIndex(path.last())) {
            int index = Integer.parseInt(path.last());
            if (index < bound) {
                return index;
            }
        }
        throw new PatchFailure(
                op
                        + " operation does not apply: doc is missing path: \""
                        + path.text()
                        + "\": Unable to access invalid index: "
                        + path.last());
    }

    private static PatchFailure missing(JsonPointer path, String op) {
        return new PatchFailure(
                op
                        + " operation does not apply: doc is missing path: \""
                        + path.text()
                        + "\": missing value");
    }
}
