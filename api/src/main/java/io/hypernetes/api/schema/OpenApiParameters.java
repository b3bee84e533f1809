package io.hypernetes.api.schema;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The parameters of operations, in groups as Kubernetes' own servers list them. */
final class OpenApiParameters {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /** Of a list and a watch, with types; of these a deletecollection has what does not watch. */
    private static final List<String> SELECTION =
            List.of(
                    "continue:string",
                    "fieldSelector:string",
                    "labelSelector:string",
                    "limit:integer",
                    "resourceVersion:string",
                    "resourceVersionMatch:string",
                    "sendInitialEvents:boolean",
                    "timeoutSeconds:integer");

    private static final List<String> DELETION =
            List.of(
                    "dryRun:string",
                    "gracePeriodSeconds:integer",
                    "orphanDependents:boolean",
                    "propagationPolicy:string");

    private OpenApiParameters() {}

    /** Of a read, where upstream's generator finds them: of custom resources alone. */
    static List<ObjectNode> read() {
        return queries(List.of("resourceVersion:string"));
    }

    static List<ObjectNode> list() {
        return queries(SELECTION, List.of("allowWatchBookmarks:boolean", "watch:boolean"));
    }

    static List<ObjectNode> write() {
        return queries(List.of("dryRun:string", "fieldManager:string", "fieldValidation:string"));
    }

    static List<ObjectNode> patch() {
        return queries(
                List.of("dryRun:string", "fieldManager:string", "fieldValidation:string"),
                List.of("force:boolean"));
    }

    static List<ObjectNode> delete() {
        return queries(DELETION);
    }

    static List<ObjectNode> deleteCollection() {
        return queries(SELECTION, DELETION);
    }

    /** The options that a subresource takes as a query. */
    static List<ObjectNode> options(String part) {
        return switch (part) {
            case "exec" ->
                    queries(
                            List.of("command:string", "container:string"),
                            List.of(
                                    "stderr:boolean",
                                    "stdin:boolean",
                                    "stdout:boolean",
                                    "tty:boolean"));
            case "attach" ->
                    queries(
                            List.of("container:string"),
                            List.of(
                                    "stderr:boolean",
                                    "stdin:boolean",
                                    "stdout:boolean",
                                    "tty:boolean"));
            case "portforward" -> queries(List.of("ports:integer"));
            case "proxy" -> queries(List.of("path:string"));
            case "log" ->
                    queries(
                            List.of(
                                    "container:string",
                                    "follow:boolean",
                                    "insecureSkipTLSVerifyBackend:boolean",
                                    "limitBytes:integer",
                                    "pretty:string",
                                    "previous:boolean",
                                    "sinceSeconds:integer",
                                    "stream:string",
                                    "tailLines:integer",
                                    "timestamps:boolean"));
            default -> List.of();
        };
    }

    static ObjectNode pretty() {
        return value("query", "pretty", "string");
    }

    static ObjectNode inPath(String name) {
        return value("path", name, "string").put("required", true);
    }

    static ObjectNode body(String definition) {
        return optional(definition).put("required", true);
    }

    static ObjectNode optionalBody() {
        return optional(META + "DeleteOptions");
    }

    private static ObjectNode optional(String definition) {
        ObjectNode body = NODES.objectNode().put("in", "body").put("name", "body");
        body.set("schema", OpenApiPaths.reference(definition));
        return body;
    }

    @SafeVarargs
    private static List<ObjectNode> queries(List<String>... groups) {
        return java.util.stream.Stream.of(groups)
                .flatMap(List::stream)
                .map(text -> text.split(":", 2))
                .map(pair -> value("query", pair[0], pair[1]))
                .toList();
    }

    private static ObjectNode value(String in, String name, String type) {
        return NODES.objectNode()
                .put("uniqueItems", true)
                .put("type", type)
                .put("name", name)
                .put("in", in);
    }
}
