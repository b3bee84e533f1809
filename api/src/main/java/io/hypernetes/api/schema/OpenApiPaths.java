package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The paths and operations of one resource type, in OpenAPI v2. */
final class OpenApiPaths {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> PATCHES =
            List.of(
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json");

    private final ResourceType type;
    private final ObjectNode paths;

    private OpenApiPaths(ResourceType type, ObjectNode paths) {
        this.type = type;
        this.paths = paths;
    }

    /** {@code api/v1} or {@code apis/GROUP/VERSION}: below {@code /} and {@code /openapi/v3/}. */
    static String groupVersion(ResourceType type) {
        return type.id().group().isEmpty()
                ? "api/" + type.version()
                : "apis/" + type.id().group() + "/" + type.version();
    }

    static String listDefinition(ResourceType type) {
        return type.schema().definition() + "List";
    }

    static void add(ResourceType type, ObjectNode paths) {
        new OpenApiPaths(type, paths).add();
    }

    private void add() {
        String root = "/" + groupVersion(type) + "/";
        String resource = type.id().resource();
        String scope = type.namespaced() ? "namespaces/{namespace}/" : "";
        String collection = root + scope + resource;
        if (type.namespaced()) {
            list(root + resource, "listForAllNamespaces");
        }
        list(collection, "list");
        write(collection, "post", "create", "post");
        operation(collection, "delete", "deletecollection", "deleteCollection", META + "Status");
        String item = collection + "/{name}";
        operation(item, "get", "get", "read", type.schema().definition());
        write(item, "put", "replace", "put");
        patch(item, "");
        ObjectNode delete = operation(item, "delete", "delete", "delete", META + "Status");
        body(delete, META + "DeleteOptions", false);
        if (type.hasStatus()) {
            String status = item + "/status";
            operation(status, "get", "get", "readStatus", type.schema().definition());
            write(status, "put", "replaceStatus", "put");
            patch(status, "Status");
        }
    }

    private void list(String path, String id) {
        ObjectNode list = operation(path, "get", "list", id, listDefinition(type));
        for (String name :
                List.of("labelSelector", "fieldSelector", "resourceVersion", "continue")) {
            query(list, name, "string");
        }
        query(list, "watch", "boolean");
        query(list, "limit", "integer");
        query(list, "timeoutSeconds", "integer");
    }

    private void write(String path, String method, String id, String action) {
        ObjectNode operation = operation(path, method, action, id, type.schema().definition());
        body(operation, type.schema().definition(), true);
        writeParameters(operation);
    }

    private void patch(String path, String suffix) {
        ObjectNode patch =
                operation(path, "patch", "patch", "patch" + suffix, type.schema().definition());
        ArrayNode consumes = patch.putArray("consumes");
        PATCHES.forEach(consumes::add);
        body(patch, META + "Patch", true);
        writeParameters(patch);
        query(patch, "force", "boolean");
    }

    /** kubectl trusts the server's own validation when it finds the parameter fieldValidation. */
    private static void writeParameters(ObjectNode operation) {
        query(operation, "dryRun", "string");
        query(operation, "fieldManager", "string");
        query(operation, "fieldValidation", "string");
    }

    private ObjectNode operation(
            String path, String method, String action, String id, String answer) {
        ObjectNode operation = paths.withObjectProperty(path).withObjectProperty(method);
        operation.put("operationId", id + operationName());
        operation.putArray("produces").add("application/json");
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : List.of("namespace", "name")) {
            if (path.contains("{" + name + "}")) {
                parameters
                        .addObject()
                        .put("in", "path")
                        .put("name", name)
                        .put("required", true)
                        .put("type", "string")
                        .put("uniqueItems", true);
            }
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .set("schema", reference(answer));
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", groupVersionKind(type, type.kind()));
        return operation;
    }

    private String operationName() {
        StringBuilder name = new StringBuilder();
        String group = type.id().group().isEmpty() ? "core" : type.id().group();
        for (String part : List.of(group.split("\\.", 2)[0], type.version())) {
            name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return name.append(type.namespaced() ? "Namespaced" : "").append(type.kind()).toString();
    }

    private static void query(ObjectNode operation, String name, String valueType) {
        operation
                .withArrayProperty("parameters")
                .addObject()
                .put("in", "query")
                .put("name", name)
                .put("type", valueType)
                .put("uniqueItems", true);
    }

    private static void body(ObjectNode operation, String definition, boolean required) {
        ObjectNode body =
                operation
                        .withArrayProperty("parameters")
                        .addObject()
                        .put("in", "body")
                        .put("name", "body")
                        .put("required", required);
        body.set("schema", reference(definition));
    }

    static ObjectNode reference(String definition) {
        return NODES.objectNode().put("$ref", "#/definitions/" + definition);
    }

    static ObjectNode groupVersionKind(ResourceType type, String kind) {
        return NODES.objectNode()
                .put("group", type.id().group())
                .put("kind", kind)
                .put("version", type.version());
    }
}
