package io.hypernetes.api.schema;

import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The paths that tell what is served, and the version. */
final class OpenApiDiscoveryPaths {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private OpenApiDiscoveryPaths() {}

    static void add(Collection<ResourceType> types, ObjectNode paths) {
        get(paths, "/apis/", "getAPIVersions", "get available API versions", "apis")
                .accept(META + "APIGroupList");
        get(
                        paths,
                        "/version/",
                        "getCodeVersion",
                        "get the version information for this server",
                        "version")
                .accept("io.k8s.apimachinery.pkg.version.Info");
        text(
                paths,
                "/.well-known/openid-configuration/",
                new OpenApiOperation(
                                "getServiceAccountIssuerOpenIDConfiguration",
                                "get service account issuer OpenID configuration, also known as"
                                        + " the 'OIDC discovery doc'",
                                "WellKnown")
                        .produces(List.of("application/json")));
        text(
                paths,
                "/openid/v1/jwks/",
                new OpenApiOperation(
                                "getServiceAccountIssuerOpenIDKeyset",
                                "get service account issuer OpenID JSON Web Key Set (contains"
                                        + " public token verification keys)",
                                "openid")
                        .produces(List.of("application/jwk-set+json")));
        TreeSet<String> groups = new TreeSet<>();
        types.forEach(type -> groups.add(type.id().group()));
        for (String group : groups) {
            String name = OpenApiPaths.friendly(group);
            String id = "get" + OpenApiPaths.capital(name);
            if (group.isEmpty()) {
                get(paths, "/api/", id + "APIVersions", "get available API versions", name)
                        .accept(META + "APIVersions");
            } else {
                get(
                                paths,
                                "/apis/" + group + "/",
                                id + "APIGroup",
                                "get information of a group",
                                name)
                        .accept(META + "APIGroup");
            }
        }
        for (ResourceType type : types) {
            String group = type.id().group();
            get(
                            paths,
                            "/" + OpenApiPaths.groupVersion(type) + "/",
                            "get"
                                    + OpenApiPaths.capital(OpenApiPaths.friendly(group))
                                    + OpenApiPaths.capital(type.version())
                                    + "APIResources",
                            "get available resources",
                            OpenApiPaths.tag(group, type.version()))
                    .accept(META + "APIResourceList");
        }
    }

    private static void text(ObjectNode paths, String path, OpenApiOperation operation) {
        ObjectNode get = operation.answersText().build();
        get.remove("consumes");
        paths.withObjectProperty(path).set("get", get);
    }

    private static java.util.function.Consumer<String> get(
            ObjectNode paths, String path, String id, String description, String tag) {
        List<String> forms =
                path.equals("/version/") ? List.of("application/json") : OpenApiOperation.OBJECT;
        return definition ->
                paths.withObjectProperty(path)
                        .set(
                                "get",
                                new OpenApiOperation(id, description, tag)
                                        .consumes(forms)
                                        .produces(forms)
                                        .answers(definition, 200)
                                        .build());
    }
}
