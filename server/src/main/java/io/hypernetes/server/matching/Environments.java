package io.hypernetes.server.matching;

import io.hypernetes.cel.Environment;
import io.hypernetes.cel.library.AuthorizationChecks;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.DeclaredType.Field;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of admission's expressions. Loaded by the first webhook or policy with one. */
public final class Environments {
    /** Of match conditions, and of policies without parameters. */
    private static final Environment REQUEST =
            Environment.standard()
                    .with("object", DeclaredType.DYN)
                    .with("oldObject", DeclaredType.DYN)
                    .with("request", request())
                    .with("namespaceObject", namespace())
                    .withOpaque("authorizer", AuthorizationChecks.AUTHORIZER)
                    .withOpaque("authorizer.requestResource", AuthorizationChecks.RESOURCE_CHECK);

    private static final Environment PARAMETERS = REQUEST.with("params", DeclaredType.DYN);

    private Environments() {}

    /** The same without what asks for rights, which a message may not. */
    public static Environment withoutAuthorizer(Environment environment) {
        return environment.without("authorizer", "authorizer.requestResource");
    }

    /** The same for objects of one kind, to check what expressions say of it. */
    public static Environment request(DeclaredType object, Optional<DeclaredType> params) {
        Environment environment =
                Environment.standard()
                        .with("object", object)
                        .with("oldObject", object)
                        .with("request", request())
                        .with("namespaceObject", namespace())
                        .withOpaque("authorizer", AuthorizationChecks.AUTHORIZER)
                        .withOpaque(
                                "authorizer.requestResource", AuthorizationChecks.RESOURCE_CHECK);
        return params.map(type -> environment.with("params", type)).orElse(environment);
    }

    public static Environment request(boolean parameters) {
        return parameters ? PARAMETERS : REQUEST;
    }

    private static DeclaredType request() {
        DeclaredType kind = object("kubernetes.GroupVersionKind", "group", "version", "kind");
        DeclaredType resource =
                object("kubernetes.GroupVersionResource", "group", "version", "resource");
        Map<String, Field> user = texts("username", "uid");
        user.put(
                "groups", new Field("groups", DeclaredType.list(DeclaredType.STRING, 1000), false));
        user.put(
                "extra",
                new Field(
                        "extra",
                        DeclaredType.map(DeclaredType.list(DeclaredType.STRING, 1000), 1000),
                        false));
        Map<String, Field> fields = texts("subResource", "requestSubResource", "name", "operation");
        // The name is a reserved word of CEL.
        fields.put("namespace", new Field("namespace", DeclaredType.STRING, false));
        fields.put("kind", new Field("kind", kind, true));
        fields.put("resource", new Field("resource", resource, true));
        fields.put("requestKind", new Field("requestKind", kind, true));
        fields.put("requestResource", new Field("requestResource", resource, true));
        fields.put(
                "userInfo",
                new Field("userInfo", DeclaredType.object("kubernetes.UserInfo", user, 2), true));
        fields.put("dryRun", new Field("dryRun", DeclaredType.BOOL, false));
        fields.put("options", new Field("options", DeclaredType.DYN, false));
        return DeclaredType.object("kubernetes.AdmissionRequest", fields, 2);
    }

    private static DeclaredType namespace() {
        Map<String, Field> metadata =
                texts("name", "generateName", "namespace", "uid", "resourceVersion");
        DeclaredType map = DeclaredType.map(DeclaredType.STRING, 10_000);
        metadata.put("labels", new Field("labels", map, false));
        metadata.put("annotations", new Field("annotations", map, false));
        metadata.put(
                "finalizers",
                new Field("finalizers", DeclaredType.list(DeclaredType.STRING, 1000), false));
        metadata.put("creationTimestamp", new Field("creationTimestamp", DeclaredType.DYN, false));
        metadata.put("deletionTimestamp", new Field("deletionTimestamp", DeclaredType.DYN, false));
        metadata.put("generation", new Field("generation", DeclaredType.INT, false));
        Map<String, Field> fields = new LinkedHashMap<>();
        fields.put(
                "metadata",
                new Field(
                        "metadata",
                        DeclaredType.object("kubernetes.NamespaceMetadata", metadata, 2),
                        true));
        fields.put("status", new Field("status", DeclaredType.DYN, false));
        fields.put("spec", new Field("spec", DeclaredType.DYN, false));
        return DeclaredType.object("kubernetes.Namespace", fields, 2);
    }

    private static DeclaredType object(String name, String... fields) {
        return DeclaredType.object(name, texts(fields), 2);
    }

    private static Map<String, Field> texts(String... names) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String name : names) {
            fields.put(name, new Field(name, DeclaredType.STRING, false));
        }
        return fields;
    }
}
