package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.http.Query;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.OptionalLong;

/**
 * How something is deleted.
 *
 * @param uid precondition, empty for any
 * @param resourceVersion precondition, empty for any
 */
public record DeleteRequest(OptionalLong gracePeriodSeconds, String uid, String resourceVersion) {
    public static final DeleteRequest DEFAULT = new DeleteRequest(OptionalLong.empty(), "", "");

    /**
     * From a request's {@code DeleteOptions} and its query, which yields to the body.
     *
     * @param options an empty object when there was no body. Throws BadRequest.
     */
    public static DeleteRequest of(ObjectNode options, Query query) {
        JsonNode grace = options.path("gracePeriodSeconds");
        OptionalLong seconds =
                grace.isIntegralNumber()
                        ? OptionalLong.of(grace.longValue())
                        : query.number("gracePeriodSeconds");
        if (seconds.isPresent() && seconds.getAsLong() < 0) {
            // Upstream treats a negative period as one second (KEP-less, since 1.20).
            seconds = OptionalLong.of(1);
        }
        String policy = options.path("propagationPolicy").asString(query.get("propagationPolicy"));
        switch (policy) {
            case "", "Orphan", "Background", "Foreground" -> {}
            default ->
                    throw ApiException.badRequest(
                            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy:"
                                    + " Unsupported value: \""
                                    + policy
                                    + "\": supported values: \"Foreground\", \"Background\","
                                    + " \"Orphan\", \"nil\"");
        }
        JsonNode preconditions = options.path("preconditions");
        return new DeleteRequest(
                seconds,
                preconditions.path("uid").asString(""),
                preconditions.path("resourceVersion").asString(""));
    }

    public static DeleteRequest of(Query query) {
        return of(Json.object(), query);
    }
}
