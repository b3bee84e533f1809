package io.hypernetes.server.request;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.util.List;

/**
 * The form in which an answer is wanted.
 *
 * @param yaml else JSON
 * @param shape of objects and lists
 */
public record Format(boolean yaml, Shape shape) {
    /** What an answer holds of its objects. */
    public enum Shape {
        OBJECT(""),
        TABLE("Table"),
        PARTIAL_METADATA("PartialObjectMetadata"),
        PARTIAL_METADATA_LIST("PartialObjectMetadataList");

        private final String kind;

        Shape(String kind) {
            this.kind = kind;
        }
    }

    public static final Format JSON = new Format(false, Shape.OBJECT);

    /** The first that can be served. Throws NotAcceptable. */
    public static Format negotiate(List<String> acceptHeaders) {
        if (acceptHeaders.size() == 1 && acceptHeaders.getFirst().equals("application/json")) {
            return JSON; // most requests of most programs
        }
        for (MediaRange range : MediaRange.accepted(acceptHeaders)) {
            boolean json =
                    switch (range.type()) {
                        case "application/json", "*/*", "application/*" -> true;
                        default -> false;
                    };
            boolean yaml = range.type().equals("application/yaml");
            if (!json && !yaml) {
                continue;
            }
            String as = range.parameter("as");
            if (as.isEmpty()) {
                return new Format(yaml, Shape.OBJECT);
            }
            if (!range.parameter("g").equals("meta.k8s.io") || !range.parameter("v").equals("v1")) {
                continue;
            }
            for (Shape shape : Shape.values()) {
                if (shape.kind.equals(as)) {
                    return new Format(yaml, shape);
                }
            }
        }
        throw ApiException.of(
                Reason.NOT_ACCEPTABLE,
                "only the following media types are accepted: application/json, application/yaml");
    }

    public String contentType() {
        return yaml ? "application/yaml" : "application/json";
    }
}
