package io.hypernetes.api.client;

import tools.jackson.databind.JsonNode;

/** A change to an object, in one of the languages of the API. */
public sealed interface Patch {

    JsonNode body();

    /** RFC 6902, {@code application/json-patch+json}: an array of operations. */
    record Json(JsonNode body) implements Patch {}

    /** RFC 7386, {@code application/merge-patch+json}. */
    record Merge(JsonNode body) implements Patch {}

    /** {@code application/strategic-merge-patch+json}: lists merge by the schema's keys. */
    record Strategic(JsonNode body) implements Patch {}
}
