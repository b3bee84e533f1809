package io.hypernetes.server.request;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form in which an answer is wanted.
 *
 * @param shape of objects and lists
 * @param version of meta.k8s.io in which a table or the metadata alone are wanted
 */
public record Format(Encoding encoding, Shape shape, String version) {
    /** How trees become bytes, in the order in which a wildcard chooses. */
    public enum Encoding {
        JSON("application/json", true),
        YAML("application/yaml", false),
        PROTOBUF("application/vnd.kubernetes.protobuf", true);

        private final String mediaType;

        /** Whether there are frames for a watch. */
        private final boolean streams;

        Encoding(String mediaType, boolean streams) {
            this.mediaType = mediaType;
            this.streams = streams;
        }

        private boolean matches(String wanted) {
            return wanted.equals(mediaType)
                    || wanted.equals("application/*")
                    || wanted.equals("*/*");
        }
    }

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

        /** Empty for the object itself. */
        public String kind() {
            return kind;
        }
    }

    public static final Format JSON = new Format(Encoding.JSON, Shape.OBJECT, "v1");

    /** The second since Kubernetes 1.9, and served ever since. */
    private static final Set<String> VERSIONS = Set.of("v1", "v1beta1");

    /**
     * The first that can be served. Throws NotAcceptable.
     *
     * @param protobuf whether what is asked for has messages; custom resources have none
     */
    public static Format negotiate(List<String> acceptHeaders, boolean protobuf) {
        return find(acceptHeaders, protobuf)
                .orElseThrow(() -> notAcceptable(mediaTypes(protobuf, false)));
    }

    /** The same for what is no object with metadata: there are no tables of reviews. */
    public static Format negotiateObject(List<String> acceptHeaders) {
        return find(acceptHeaders, true, EnumSet.of(Shape.OBJECT))
                .orElseThrow(() -> notAcceptable(mediaTypes(true, false)));
    }

    /** The same for a watch, where YAML has no frames. */
    public static Format negotiateStream(List<String> acceptHeaders, boolean protobuf) {
        return find(acceptHeaders, protobuf)
                .filter(format -> format.encoding.streams)
                .filter(format -> format.shape != Shape.PARTIAL_METADATA_LIST)
                .orElseThrow(() -> notAcceptable(mediaTypes(protobuf, true)));
    }

    /** The form of a Status: an error is told in JSON rather than not at all. */
    public static Format ofErrors(List<String> acceptHeaders) {
        return find(acceptHeaders, true, EnumSet.of(Shape.OBJECT)).orElse(JSON);
    }

    private static Optional<Format> find(List<String> acceptHeaders, boolean protobuf) {
        return find(acceptHeaders, protobuf, EnumSet.allOf(Shape.class));
    }

    private static Optional<Format> find(
            List<String> acceptHeaders, boolean protobuf, Set<Shape> shapes) {
        if (acceptHeaders.size() == 1 && acceptHeaders.getFirst().equals("application/json")) {
            return Optional.of(JSON); // most requests of most programs
        }
        for (MediaRange range : MediaRange.accepted(acceptHeaders)) {
            for (Encoding encoding : Encoding.values()) {
                if (encoding.matches(range.type())
                        && (protobuf || encoding != Encoding.PROTOBUF)
                        && Arrays.asList("", "watch").contains(range.parameter("stream"))) {
                    Optional<Format> format =
                            shape(range)
                                    .filter(shapes::contains)
                                    .filter(shape ->
                                            shape != Shape.TABLE || encoding != Encoding.PROTOBUF)
                                    .map(shape -> new Format(encoding, shape, version(range)));
                    if (format.isPresent()) {
                        return format;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Shape> shape(MediaRange range) {
        String as = range.parameter("as");
        boolean versioned =
                range.parameter("g").equals("meta.k8s.io")
                        && VERSIONS.contains(range.parameter("v"));
        return Arrays.stream(Shape.values())
                .filter(shape -> shape.kind.equals(as) && (as.isEmpty() || versioned))
                .findFirst();
    }

    private static String version(MediaRange range) {
        return VERSIONS.contains(range.parameter("v")) ? range.parameter("v") : "v1";
    }

    private static List<String> mediaTypes(boolean protobuf, boolean stream) {
        List<String> types = new ArrayList<>();
        for (Encoding encoding : Encoding.values()) {
            if ((protobuf || encoding != Encoding.PROTOBUF) && (encoding.streams || !stream)) {
                types.add(encoding.mediaType + (stream ? ";stream=watch" : ""));
            }
        }
        return types;
    }

    private static ApiException notAcceptable(List<String> accepted) {
        return ApiException.of(
                Reason.NOT_ACCEPTABLE,
                accepted.stream()
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "only the following media types are accepted: ",
                                        "")));
    }

    /** Of a table, or of the metadata alone. */
    public String metaVersion() {
        return "meta.k8s.io/" + version;
    }

    public String contentType() {
        return encoding.mediaType;
    }

    /** Of a watch's answer: JSON says nothing of the stream, as upstream. */
    public String streamType() {
        return encoding == Encoding.JSON
                ? encoding.mediaType
                : encoding.mediaType + ";stream=watch";
    }
}
