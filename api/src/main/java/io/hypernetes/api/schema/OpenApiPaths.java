package io.hypernetes.api.schema;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The paths and operations of one resource type, in OpenAPI v2, named as upstream names them. */
final class OpenApiPaths {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final List<String> PATCHES =
            List.of(
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    STRATEGIC,
                    "application/apply-patch+yaml");

    private static final List<String> PATCHES_OF_CUSTOM =
            PATCHES.stream().filter(patch -> !patch.equals(STRATEGIC)).toList();

    /** A deletion answers with the object. */
    private static final Set<String> SHOWN_WHEN_DELETED =
            Set.of(
                    "persistentvolumeclaims",
                    "pods",
                    "podtemplates",
                    "resourcequotas",
                    "serviceaccounts",
                    "services",
                    "persistentvolumes",
                    "deviceclasses",
                    "resourceclaims",
                    "resourceclaimtemplates",
                    "resourceslices",
                    "csidrivers",
                    "csinodes",
                    "storageclasses",
                    "volumeattachments",
                    "volumeattributesclasses");

    private static final int[] JUST_OK = {200};
    private static final int[] OK_OR_CREATED = {200, 201};

    private final ResourceType type;
    private final ObjectNode paths;
    private final String tag;
    private final String scope;
    private final ObjectNode kind;
    private final boolean custom;

    private OpenApiPaths(ResourceType type, ObjectNode paths) {
        this.type = type;
        this.paths = paths;
        this.tag = tag(type.id().group(), type.version());
        this.scope = type.namespaced() ? "Namespaced" : "";
        this.kind = groupVersionKind(type, type.kind());
        this.custom = type.schema().isCustom();
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
        switch (type.strategy().handling()) {
            case STORED -> stored();
            case ASKED -> asked();
            case REPORTED -> reported();
        }
    }

    private String collection() {
        return "/"
                + groupVersion(type)
                + "/"
                + (type.namespaced() ? "namespaces/{namespace}/" : "")
                + type.id().resource();
    }

    private void asked() {
        create(collection());
    }

    private void reported() {
        list(collection(), scope, "");
        put(
                collection() + "/{name}",
                "get",
                operation("read", "read the specified " + type.kind(), "")
                        .answers(type.schema().definition(), 200)
                        .extensions("get", kind));
    }

    private void create(String collection) {
        String object = type.schema().definition();
        put(
                collection,
                "post",
                operation("create", "create a " + type.kind(), "")
                        .answers(object, 200, 201, 202)
                        .with(OpenApiParameters.body(object))
                        .with(OpenApiParameters.write())
                        .extensions("post", kind));
    }

    private void stored() {
        String root = "/" + groupVersion(type) + "/";
        String resource = type.id().resource();
        if (type.namespaced()) {
            list(root + resource, "", "ForAllNamespaces");
        }
        String collection = collection();
        list(collection, scope, "");
        create(collection);
        String object = type.schema().definition();
        if (!resource.equals("namespaces") || !type.id().group().isEmpty()) {
            put(collection, "delete", deleteCollection());
        }
        String item = collection + "/{name}";
        part(item, "", object, kind);
        put(item, "delete", delete(object));
        type.subresources().stream().sorted().forEach(name -> subresource(item, name));
    }

    private void list(String path, String scoped, String suffix) {
        put(
                path,
                "get",
                named(
                                "list" + group() + scoped + type.kind() + suffix,
                                "list or watch objects of kind " + type.kind())
                        .produces(custom ? OpenApiOperation.CUSTOM : OpenApiOperation.WATCH)
                        .answers(listDefinition(type), 200)
                        .with(OpenApiParameters.list())
                        .extensions("list", kind));
    }

    private OpenApiOperation deleteCollection() {
        return named(
                        "delete" + group() + "Collection" + scope + type.kind(),
                        "delete collection of " + type.kind())
                .answers(META + "Status", 200)
                .with(OpenApiParameters.optionalBody())
                .with(OpenApiParameters.deleteCollection())
                .extensions("deletecollection", kind);
    }

    private OpenApiOperation delete(String object) {
        boolean shown = SHOWN_WHEN_DELETED.contains(type.id().resource());
        return operation("delete", "delete a " + type.kind(), "")
                .answers(shown ? object : META + "Status", 200, 202)
                .with(OpenApiParameters.optionalBody())
                .with(OpenApiParameters.delete())
                .extensions("delete", kind);
    }

    /** Read, replace and patch of an object or of a part of it. */
    private void part(String path, String part, String definition, ObjectNode shownKind) {
        String suffix = capital(part);
        String of = (part.isEmpty() ? "" : part + " of ") + "the specified " + type.kind();
        put(
                path,
                "get",
                operation("read", "read " + of, suffix)
                        .answers(definition, 200)
                        .with(custom ? OpenApiParameters.read() : List.of())
                        .extensions("get", shownKind));
        replace(path, part, definition, shownKind);
        put(
                path,
                "patch",
                operation("patch", "partially update " + of, suffix)
                        .consumes(custom ? PATCHES_OF_CUSTOM : PATCHES)
                        .answers(definition, custom ? JUST_OK : OK_OR_CREATED)
                        .with(OpenApiParameters.body(META + "Patch"))
                        .with(OpenApiParameters.patch())
                        .extensions("patch", shownKind));
    }

    private void replace(String path, String part, String definition, ObjectNode shownKind) {
        String of = (part.isEmpty() ? "" : part + " of ") + "the specified " + type.kind();
        put(
                path,
                "put",
                operation("replace", "replace " + of, capital(part))
                        .answers(definition, 200, 201)
                        .with(OpenApiParameters.body(definition))
                        .with(OpenApiParameters.write())
                        .extensions("put", shownKind));
    }

    private void subresource(String item, String name) {
        String path = item + "/" + name;
        switch (name) {
            case "finalize" -> replace(path, name, type.schema().definition(), kind);
            case "scale" ->
                    part(
                            path,
                            name,
                            "io.k8s.api.autoscaling.v1.Scale",
                            kind(new GroupVersionKind("autoscaling", "v1", "Scale")));
            case "binding" -> create(path, name, "core", "", "Binding");
            case "eviction" -> create(path, name, "policy", "policy", "Eviction");
            case "token" ->
                    create(path, name, "authentication", "authentication.k8s.io", "TokenRequest");
            case "log" ->
                    put(
                            path,
                            "get",
                            operation("read", "read log of the specified " + type.kind(), "Log")
                                    .produces(logForms())
                                    .answersText()
                                    .with(OpenApiParameters.options("log"))
                                    .extensions("get", kind));
            case "exec" -> connect(path, name, "PodExecOptions", List.of("get", "post"));
            case "attach" -> connect(path, name, "PodAttachOptions", List.of("get", "post"));
            case "portforward" ->
                    connect(path, name, "PodPortForwardOptions", List.of("get", "post"));
            case "proxy" -> {
                List<String> methods =
                        List.of("delete", "get", "head", "options", "patch", "post", "put");
                connect(path, name, type.kind() + "ProxyOptions", methods);
                connect(path + "/{path}", name, type.kind() + "ProxyOptions", methods);
            }
            default -> part(path, name, type.schema().definition(), kind);
        }
    }

    private static List<String> logForms() {
        return List.of(
                "text/plain",
                "application/json",
                "application/yaml",
                "application/vnd.kubernetes.protobuf");
    }

    private void create(String path, String part, String module, String group, String made) {
        String definition = "io.k8s.api." + module + ".v1." + made;
        put(
                path,
                "post",
                operation("create", "create " + part + " of a " + type.kind(), capital(part))
                        .answers(definition, 200, 201, 202)
                        .with(OpenApiParameters.body(definition))
                        .with(OpenApiParameters.write())
                        .extensions("post", kind(new GroupVersionKind(group, "v1", made))));
    }

    private void connect(String path, String part, String options, List<String> methods) {
        String end = path.endsWith("}") ? "WithPath" : "";
        for (String method : methods) {
            put(
                    path,
                    method,
                    operation(
                                    "connect",
                                    capital(method),
                                    "connect "
                                            + method.toUpperCase(Locale.ROOT)
                                            + " requests to "
                                            + part
                                            + " of "
                                            + type.kind(),
                                    capital(part) + end)
                            .produces(OpenApiOperation.ANYTHING)
                            .answersText()
                            .with(OpenApiParameters.options(part))
                            .extensions("connect", kind(new GroupVersionKind("", "v1", options))));
        }
    }

    private OpenApiOperation operation(String verb, String description, String suffix) {
        return operation(verb, "", description, suffix);
    }

    private OpenApiOperation operation(
            String verb, String method, String description, String suffix) {
        return named(verb + group() + method + scope + type.kind() + suffix, description);
    }

    private OpenApiOperation named(String id, String description) {
        OpenApiOperation operation = new OpenApiOperation(id, description, tag);
        return custom
                ? operation.consumes(OpenApiOperation.CUSTOM).produces(OpenApiOperation.CUSTOM)
                : operation;
    }

    /** Adds an operation with the parameters that its path has. */
    private void put(String path, String method, OpenApiOperation operation) {
        for (String name : List.of("namespace", "name", "path")) {
            if (path.contains("{" + name + "}")) {
                operation.with(OpenApiParameters.inPath(name));
            }
        }
        boolean connects =
                List.of("exec", "attach", "portforward", "proxy", "log").stream()
                        .anyMatch(part -> path.contains("{name}/" + part));
        if (!connects) {
            operation.with(OpenApiParameters.pretty());
        }
        paths.withObjectProperty(path).set(method, operation.build());
    }

    private String group() {
        return capital(friendly(type.id().group())) + capital(type.version());
    }

    /** {@code rbacAuthorization}, {@code apps}, {@code core}. */
    static String friendly(String group) {
        if (group.isEmpty()) {
            return "core";
        }
        String name = group.endsWith(".k8s.io") ? group.substring(0, group.length() - 7) : group;
        StringBuilder friendly = new StringBuilder();
        for (String part : name.split("\\.")) {
            friendly.append(friendly.isEmpty() ? part : capital(part));
        }
        return friendly.toString();
    }

    static String tag(String group, String version) {
        return friendly(group) + "_" + version;
    }

    static String capital(String text) {
        return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static ObjectNode reference(String definition) {
        return NODES.objectNode().put("$ref", "#/definitions/" + definition);
    }

    static ObjectNode groupVersionKind(ResourceType type, String kind) {
        return kind(new GroupVersionKind(type.id().group(), type.version(), kind));
    }

    static ObjectNode kind(GroupVersionKind kind) {
        return NODES.objectNode()
                .put("group", kind.group())
                .put("kind", kind.kind())
                .put("version", kind.version());
    }
}
