package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.ScalePaths;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.patch.MergePatch;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.registry.Applied;
import io.hypernetes.server.registry.ApplyRequest;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Writes;
import io.hypernetes.server.registry.Written;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The {@code scale} subresource: one view, autoscaling/v1 Scale, of all types with replicas. */
final class Scales {
    private static final GroupVersionKind SCALE =
            new GroupVersionKind("autoscaling", "v1", "Scale");

    private static final BuiltinSchema SCHEMA =
            new BuiltinSchema("io.k8s.api.autoscaling.v1.Scale");

    /** Where upstream's code keeps its kinds; messages name it. */
    private static final String SCHEME = "pkg/api/legacyscheme/scheme.go:30";

    private final Reads reads;
    private final Writes writes;
    private final Decoding decoding;

    Scales(Reads reads, Writes writes, Decoding decoding) {
        this.reads = reads;
        this.writes = writes;
        this.decoding = decoding;
    }

    void handle(ResourceRequest request) throws IOException, InterruptedException {
        switch (request.info().verb()) {
            case "get" ->
                    reply(
                            request,
                            reads.get(
                                            request.type(),
                                            request.session().tenant(),
                                            request.namespace(),
                                            request.info().name())
                                    .tree());
            case "update" -> {
                ObjectNode sent = sent(request);
                change(request, current -> sent.deepCopy());
            }
            case "patch" -> {
                String mediaType = Decoding.mediaType(request.exchange());
                boolean applies = Patches.applies(mediaType, request.type());
                WriteOptions.checkPatch(request.query(), applies);
                if (applies) {
                    apply(request);
                } else {
                    Patch patch = Patches.read(request, mediaType).patch();
                    change(request, current -> patched(current, patch));
                }
            }
            default -> throw ResourceHandler.methodNotAllowed(request);
        }
    }

    /** A Scale that was sent whole, checked as an object of a kind is. Throws BadRequest. */
    private ObjectNode sent(ResourceRequest request) {
        ObjectNode scale = decoding.unstored(request.exchange(), SCALE.kind());
        for (String field : List.of("apiVersion", "kind")) {
            if (scale.path(field).asString("").isEmpty()) {
                scale.put(field, field.equals("kind") ? SCALE.kind() : SCALE.apiVersion());
            }
        }
        GroupVersionKind sent =
                GroupVersionKind.of(
                        scale.path("apiVersion").asString(""), scale.path("kind").asString(""));
        if (!sent.equals(SCALE)) {
            throw ApiException.badRequest(
                    "%s in version \"%s\" cannot be handled as a Scale: no kind \"%s\" is registered"
                                    .formatted(sent.kind(), sent.version(), sent.kind())
                            + " for version \"%s\" in scheme \"%s\""
                                    .formatted(sent.apiVersion(), SCHEME));
        }
        SCHEMA.decode(SCALE, scale, request.validation()).forEach(request.warnings()::add);
        if (Metadata.name(scale).isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be"
                                    .formatted(request.info().name())
                            + " provided");
        }
        String namespace = Metadata.namespace(scale);
        if (!namespace.isEmpty() && !namespace.equals(request.namespace())) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on"
                            + " the request");
        }
        return scale;
    }

    /** Whoever applies a Scale owns the object's field that it stands for. */
    private void apply(ResourceRequest request) throws IOException, InterruptedException {
        ResourceType type = request.type();
        ObjectNode scale =
                Patches.config(
                        Bodies.read(request.exchange()),
                        request.validation(),
                        request.warnings()::add);
        ObjectNode config = Json.object();
        config.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        Metadata.ensureMetadata(config).put("name", request.info().name());
        if (scale.path("spec").has("replicas")) {
            scale(type, config, scale);
        }
        Applied applied =
                writes.apply(
                        request.call(),
                        type,
                        request.namespace(),
                        request.info().name(),
                        "scale",
                        new ApplyRequest(config, request.query().flag("force")));
        reply(request, applied.object().tree());
    }

    /** A Scale has no lists: the merging patches are all the same to it. */
    private static ObjectNode patched(ObjectNode scale, Patch patch) {
        return switch (patch) {
            case Patch.Json(JsonNode body) -> JsonPatch.apply(body, scale);
            case Patch.Merge(JsonNode body) -> MergePatch.apply(body, scale);
            case Patch.Strategic(JsonNode body) -> MergePatch.apply(body, scale);
        };
    }

    private void change(ResourceRequest request, UnaryOperator<ObjectNode> change)
            throws IOException, InterruptedException {
        ResourceType type = request.type();
        Written written =
                writes.change(
                        request.call(),
                        type,
                        request.namespace(),
                        request.info().name(),
                        "scale",
                        object -> scale(type, object, change.apply(of(type, object))));
        reply(request, written.object().tree());
    }

    private void reply(ResourceRequest request, ObjectNode object) throws IOException {
        request.reply(request.answers().tree(200, of(request.type(), object)));
    }

    /** Writes the wish into the object. Throws BadRequest, Invalid. */
    private static void scale(ResourceType type, ObjectNode object, ObjectNode scale) {
        String name = Metadata.name(object);
        GroupVersionKind sent =
                GroupVersionKind.of(
                        scale.path("apiVersion").asString(""), scale.path("kind").asString(""));
        if (!sent.kind().equals("Scale") && !sent.kind().isEmpty()) {
            throw ApiException.badRequest(
                    "expected input object type to be Scale, but " + sent.kind());
        }
        if (!Metadata.name(scale).isEmpty() && !Metadata.name(scale).equals(name)) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + Metadata.name(scale)
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
        JsonNode replicas = scale.path("spec").path("replicas");
        if (!replicas.isMissingNode() && !replicas.isIntegralNumber()) {
            throw ApiException.badRequest("spec.replicas of a Scale is a whole number");
        }
        // A custom resource's own rules tell what is wrong with its field.
        boolean told = type.schema().isCustom() && replicas.asLong(0) >= Integer.MIN_VALUE;
        if (!told && (replicas.asLong(0) < 0 || replicas.asLong(0) > Integer.MAX_VALUE)) {
            throw ApiException.invalid(
                    SCALE,
                    name,
                    List.of(
                            FieldError.invalid(
                                    "spec.replicas",
                                    replicas.toString(),
                                    "must be greater than or equal to 0")));
        }
        ObjectNode metadata = Metadata.ensureMetadata(object);
        for (String precondition : List.of("resourceVersion", "uid")) {
            JsonNode value = scale.path("metadata").path(precondition);
            if (value.isString() && !value.asString().isEmpty()) {
                metadata.set(precondition, value);
            }
        }
        put(object, type.strategy().scale().replicas(), replicas.asInt(0));
    }

    private static void put(ObjectNode object, List<String> path, int value) {
        ObjectNode at = object;
        for (String step : path.subList(0, path.size() - 1)) {
            at = at.get(step) instanceof ObjectNode next ? next : at.putObject(step);
        }
        at.put(path.getLast(), value);
    }

    /** What an object's scale is. */
    static ObjectNode of(ResourceType type, ObjectNode object) {
        ScalePaths paths = type.strategy().scale();
        ObjectNode scale = Json.object();
        scale.put("kind", SCALE.kind()).put("apiVersion", SCALE.apiVersion());
        ObjectNode metadata = scale.putObject("metadata");
        for (String field :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = object.path("metadata").path(field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        ObjectNode spec = scale.putObject("spec");
        int wanted = at(object, paths.replicas()).asInt(0);
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", at(object, paths.statusReplicas()).asInt(0));
        String selector = selector(at(object, paths.selector()));
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static JsonNode at(JsonNode object, List<String> path) {
        JsonNode node = object;
        for (String step : path) {
            node = node.path(step);
        }
        return node;
    }

    private static String selector(JsonNode selector) {
        if (selector.isString()) {
            return selector.asString();
        }
        if (selector.has("matchLabels") || selector.has("matchExpressions")) {
            return LabelSelector.fromObject(selector).toString();
        }
        // A replication controller's: a map of labels.
        return selector.properties().stream()
                .filter(label -> label.getValue().isString())
                .map(label -> label.getKey() + "=" + label.getValue().asString())
                .sorted()
                .collect(Collectors.joining(","));
    }
}
