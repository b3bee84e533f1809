package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.GoValue;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Parsed;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.protobuf.ProtobufDecoder;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.UnknownFields;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.request.MediaRange;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes trees of request bodies: JSON, YAML, and the protobuf that typed clients send. */
public final class Decoding {
    private static final String ACCEPTED =
            "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /** Bytes of an unreadable body that its refusal shows. */
    private static final int SHOWN = 30;

    /** Bytes that are shown of a body without a kind; upstream shows all of it. */
    private static final int ECHOED = 1024;

    private final ProtobufDecoder protobuf;

    public Decoding(ProtobufDecoder protobuf) {
        this.protobuf = protobuf;
    }

    static ApiException unknownFormat(String accepted) {
        return ApiException.of(
                Reason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include: "
                        + accepted);
    }

    /** The type of the body; empty when the client does not say. */
    static String mediaType(Exchange exchange) {
        return exchange.header("Content-Type")
                .map(value -> MediaRange.parse(value).type())
                .orElse("");
    }

    /** Throws UnsupportedMediaType, BadRequest, RequestEntityTooLarge. */
    public ObjectNode object(Exchange exchange) {
        return parse(exchange, Bodies.read(exchange)).tree();
    }

    /** Empty when there is no body. */
    Optional<ObjectNode> optionalObject(Exchange exchange) {
        byte[] body = Bodies.read(exchange);
        return body.length == 0 ? Optional.empty() : Optional.of(parse(exchange, body).tree());
    }

    /** A manifest of the type whose doubled fields are treated as {@code validation} says. */
    ObjectNode manifest(
            Exchange exchange,
            ResourceType type,
            FieldValidation validation,
            Consumer<String> warnings) {
        return checked(parseAs(exchange, type, Bodies.read(exchange)), type, validation, warnings);
    }

    /** An object of a built-in kind that is not stored. */
    ObjectNode unstored(Exchange exchange, String kind) {
        return parseAs(exchange, kind, false, Bodies.read(exchange)).tree();
    }

    /** The same, and each time a tree of its own; to keep the bytes is cheaper than a copy. */
    Supplier<ObjectNode> manifests(
            Exchange exchange,
            ResourceType type,
            FieldValidation validation,
            Consumer<String> warnings) {
        byte[] body = Bodies.read(exchange);
        ObjectNode first = checked(parseAs(exchange, type, body), type, validation, warnings);
        AtomicReference<@Nullable ObjectNode> next = new AtomicReference<>(first);
        return () -> {
            ObjectNode unused = next.getAndSet(null);
            return unused == null ? parseBody(exchange, body).tree() : unused;
        };
    }

    private static ObjectNode checked(
            Parsed parsed,
            ResourceType type,
            FieldValidation validation,
            Consumer<String> warnings) {
        if (!parsed.duplicates().isEmpty()) {
            switch (validation) {
                case IGNORE -> {}
                case WARN -> parsed.duplicates().forEach(warnings);
                case STRICT -> throw ApiException.badRequest(strictError(type, parsed));
            }
        }
        return parsed.tree();
    }

    /** Tells of the unknown fields too: who mends a manifest sees all its mistakes at once. */
    private static String strictError(ResourceType type, Parsed parsed) {
        ObjectNode tree = parsed.tree();
        GroupVersionKind kind =
                GroupVersionKind.of(
                        tree.path("apiVersion").asString(""), tree.path("kind").asString(""));
        List<String> mistakes =
                new ArrayList<>(type.schema().decode(kind, tree, FieldValidation.WARN));
        mistakes.addAll(parsed.duplicates());
        return UnknownFields.strictError(kind, mistakes);
    }

    /** Of what cannot be read, the refusal says what it should be and how it begins. */
    private Parsed parseAs(Exchange exchange, ResourceType type, byte[] body) {
        return parseAs(exchange, type.kind(), type.schema().isCustom(), body);
    }

    private Parsed parseAs(Exchange exchange, String kind, boolean custom, byte[] body) {
        try {
            Parsed parsed = parse(exchange, body);
            if (custom) {
                checkKind(parsed.tree(), body);
            }
            return parsed;
        } catch (ApiException e) {
            if (!e.is(Reason.BAD_REQUEST)) {
                throw e;
            }
            throw new ApiException(
                    ApiException.badRequest(
                                    "the object provided is unrecognized (must be of type "
                                            + kind
                                            + "): "
                                            + e.status().message()
                                            + " ("
                                            + beginning(body)
                                            + ")")
                            .status(),
                    e);
        }
    }

    /** Of a built-in type the path says what the body leaves out, of a custom one it does not. */
    private static void checkKind(ObjectNode tree, byte[] body) {
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = tree.get(field);
            if (value != null && !value.isNull() && !value.isString()) {
                throw ApiException.badRequest(
                        "couldn't get version/kind; json parse error: json: cannot unmarshal "
                                + GoValue.jsonType(value)
                                + " into Go struct field ."
                                + field
                                + " of type string");
            }
        }
        if (tree.path("kind").asString("").isEmpty()) {
            String text =
                    new String(body, 0, Math.min(body.length, ECHOED), StandardCharsets.UTF_8);
            throw ApiException.badRequest(
                    "Object 'Kind' is missing in '"
                            + text
                            + (body.length > ECHOED ? "…" : "")
                            + "'");
        }
    }

    private static String beginning(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        byte[] first = Arrays.copyOf(body, Math.min(body.length, SHOWN));
        return (body[0] == '{'
                        ? new String(first, StandardCharsets.UTF_8)
                        : HexFormat.of().formatHex(first))
                + (body.length > SHOWN ? " ..." : "");
    }

    private Parsed parse(Exchange exchange, byte[] body) {
        return Pace.in(body.length, () -> parseBody(exchange, body));
    }

    private Parsed parseBody(Exchange exchange, byte[] body) {
        return switch (mediaType(exchange)) {
            // No type at all is JSON, as upstream takes it.
            case "", "application/json" -> Json.parseManifest(body);
            case "application/yaml", "application/x-yaml", "text/yaml" -> Yaml.parse(body);
            case "application/vnd.kubernetes.protobuf" ->
                    new Parsed(protobuf.decode(body), List.of());
            default -> throw unknownFormat(ACCEPTED);
        };
    }
}
