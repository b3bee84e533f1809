package io.hypernetes.server.output;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.protobuf.Envelope;
import io.hypernetes.api.protobuf.ProtobufEncoder;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.registry.Page;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.request.Format;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers of one form.
 *
 * @param includeObject the parameter of a request for a table
 * @param everyTenant each object carries whose it is, as an annotation that is only shown, never
 *     stored
 */
public record Answers(Format format, String includeObject, boolean everyTenant) {
    static final String TENANT = "hypernetes.io/tenant";

    /** The usual form for an answer that is no object of the registry. */
    public static Reply json(int status, JsonNode tree) {
        return Reply.of(status, "application/json", Json.write(tree));
    }

    /** A tree that is not stored: reviews, tokens, statuses. */
    public Reply tree(int status, JsonNode tree) {
        return Reply.of(status, format.contentType(), bytes(tree));
    }

    /** A tree of a kind that Kubernetes knows, in the form that was asked for. */
    byte[] bytes(JsonNode tree) {
        return switch (format.encoding()) {
            case JSON -> Json.write(tree);
            case YAML -> Yaml.write(tree);
            case PROTOBUF -> ProtobufEncoder.kubernetes().object((ObjectNode) tree);
        };
    }

    public Reply object(int status, ResourceType type, Served object) {
        if (format.equals(Format.JSON) && !everyTenant) {
            return Reply.of(status, format.contentType(), object.bytes());
        }
        return tree(status, shaped(type, object, true));
    }

    /** An object in the shape that was asked for. */
    ObjectNode shaped(ResourceType type, Served object, boolean withColumns) {
        ObjectNode metadata =
                Json.object().put("resourceVersion", Long.toString(object.revision()));
        return shaped(type, shown(object), withColumns, metadata);
    }

    /** What is not stored, but made when it is asked for. */
    public Reply made(ResourceType type, ObjectNode object) {
        return tree(200, shaped(type, object, true, Json.object()));
    }

    private ObjectNode shaped(
            ResourceType type, ObjectNode tree, boolean withColumns, ObjectNode metadata) {
        return switch (format.shape()) {
            case OBJECT -> tree;
            case PARTIAL_METADATA -> Tables.partial(tree, format.metaVersion());
            case PARTIAL_METADATA_LIST -> throw notOf(type, "", "not a list");
            case TABLE ->
                    Tables.table(
                            format.metaVersion(),
                            type,
                            Tables.columns(type, everyTenant),
                            List.of(tree),
                            Tables.Include.of(includeObject),
                            withColumns,
                            metadata);
        };
    }

    /**
     * @param mark kind and metadata alone
     */
    ObjectNode bookmark(ResourceType type, ObjectNode mark) {
        return switch (format.shape()) {
            case OBJECT -> mark;
            case PARTIAL_METADATA, PARTIAL_METADATA_LIST ->
                    Tables.partial(mark, format.metaVersion());
            case TABLE ->
                    Tables.table(
                            format.metaVersion(),
                            type,
                            Tables.columns(type, everyTenant),
                            List.of(),
                            Tables.Include.NONE,
                            false,
                            (ObjectNode) mark.get("metadata"));
        };
    }

    private ObjectNode shown(Served object) {
        if (!everyTenant) {
            return object.tree();
        }
        ObjectNode tree = object.copy();
        Metadata.ensureAnnotations(tree).put(TENANT, object.tenant().name());
        return tree;
    }

    public Reply list(ResourceType type, Page page) {
        if (format.equals(Format.JSON)) {
            return Reply.of(200, format.contentType(), new byte[0]).withChunks(joined(type, page));
        }
        if (format.encoding() == Format.Encoding.PROTOBUF
                && format.shape() != Format.Shape.PARTIAL_METADATA) {
            return Reply.of(200, format.contentType(), new byte[0])
                    .withChunks(messages(type, page));
        }
        List<ObjectNode> objects = page.items().stream().map(this::shown).toList();
        return tree(200, shaped(type, objects, metadata(page)));
    }

    /** A list of what is not stored. Of its objects each has no kind, as none has in Go. */
    public Reply made(ResourceType type, List<ObjectNode> objects) {
        return tree(200, shaped(type, objects, Json.object()));
    }

    private ObjectNode shaped(ResourceType type, List<ObjectNode> objects, ObjectNode metadata) {
        return switch (format.shape()) {
            case TABLE ->
                    Tables.table(
                            format.metaVersion(),
                            type,
                            Tables.columns(type, everyTenant),
                            objects,
                            Tables.Include.of(includeObject),
                            true,
                            metadata);
            case OBJECT ->
                    list(
                            type.kind() + "List",
                            type.apiVersion(),
                            ofObjects(type, metadata),
                            objects);
            case PARTIAL_METADATA -> throw notOf(type, "List", "a list");
            case PARTIAL_METADATA_LIST ->
                    list(
                            "PartialObjectMetadataList",
                            format.metaVersion(),
                            metadata,
                            objects.stream()
                                    .map(object -> Tables.partial(object, format.metaVersion()))
                                    .toList());
        };
    }

    /** Metadata of one are wanted and there is a list, or the other way about. */
    private ApiException notOf(ResourceType type, String suffix, String found) {
        return ApiException.of(
                Reason.NOT_ACCEPTABLE,
                "you requested %s, but the requested object is %s (*%s%s)"
                        .formatted(format.shape().kind(), found, goType(type), suffix));
    }

    /** As Go names it, like core.Pod: a group's package has its first word for a name. */
    private static String goType(ResourceType type) {
        String group = type.id().group();
        if (type.schema().isCustom()) {
            return "unstructured.Unstructured";
        }
        boolean core = group.isEmpty() || group.equals("events.k8s.io");
        return (core ? "core" : group.split("\\.", 2)[0]) + "." + type.kind();
    }

    private static ObjectNode list(
            String kind, String apiVersion, ObjectNode metadata, List<ObjectNode> objects) {
        ObjectNode list = Json.object();
        list.put("kind", kind).put("apiVersion", apiVersion);
        list.set("metadata", metadata);
        ArrayNode items = list.putArray("items");
        objects.forEach(items::add);
        return list;
    }

    /** The objects' own bytes between those of the list: nothing is parsed or copied. */
    private List<byte[]> joined(ResourceType type, Page page) {
        List<byte[]> chunks = new ArrayList<>(page.items().size() * 2 + 2);
        ObjectNode head = Json.object();
        head.put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        head.set("metadata", ofObjects(type, metadata(page)));
        String opening = Json.text(head);
        chunks.add(utf8(opening.substring(0, opening.length() - 1) + ",\"items\":["));
        byte[] comma = utf8(",");
        boolean first = true;
        for (Served item : page.items()) {
            if (!first) {
                chunks.add(comma);
            }
            first = false;
            chunks.add(everyTenant ? Json.write(shown(item)) : item.bytes());
        }
        chunks.add(utf8("]}"));
        return chunks;
    }

    /** One object's tree at a time: the list as a whole is never one. */
    private List<byte[]> messages(ResourceType type, Page page) {
        ProtobufEncoder encoder = ProtobufEncoder.kubernetes();
        boolean whole = format.shape() == Format.Shape.OBJECT;
        String apiVersion = whole ? type.apiVersion() : format.metaVersion();
        String kind = whole ? type.kind() : "PartialObjectMetadata";
        GroupVersionKind item = GroupVersionKind.of(apiVersion, kind);
        List<byte[]> items = new ArrayList<>(page.items().size());
        for (Served object : page.items()) {
            items.add(encoder.message(item, shown(object)));
        }
        return Envelope.list(apiVersion, kind + "List", encoder.listMeta(metadata(page)), items);
    }

    /** Upstream's lists of custom resources are no structs, and show that they do not continue. */
    private static ObjectNode ofObjects(ResourceType type, ObjectNode metadata) {
        if (type.schema().isCustom() && !metadata.has("continue")) {
            metadata.put("continue", "");
        }
        return metadata;
    }

    private static ObjectNode metadata(Page page) {
        ObjectNode metadata = Json.object();
        metadata.put("resourceVersion", Long.toString(page.revision()));
        if (!page.continueToken().isEmpty()) {
            metadata.put("continue", page.continueToken());
        }
        if (page.remaining() > 0) {
            metadata.put("remainingItemCount", page.remaining());
        }
        return metadata;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
