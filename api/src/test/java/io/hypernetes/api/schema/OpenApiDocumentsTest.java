package io.hypernetes.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Strategy;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Set;

final class OpenApiDocumentsTest {

    private static final List<ResourceType> TYPES =
            List.of(
                    type("", "pods", "Pod", Scope.NAMESPACED, "io.k8s.api.core.v1.Pod"),
                    type(
                            "apps",
                            "deployments",
                            "Deployment",
                            Scope.NAMESPACED,
                            "io.k8s.api.apps.v1.Deployment"),
                    type(
                            "hypernetes.io",
                            "tenants",
                            "Tenant",
                            Scope.CLUSTER,
                            "io.hypernetes.v1.Tenant"));

    private static final OpenApiV3Documents V3 =
            new OpenApiV3Documents(Schemas.kubernetes(), TYPES);
    private static final OpenApiV2Document V2 = new OpenApiV2Document(Schemas.kubernetes(), TYPES);

    @Test
    void theIndexNamesEveryDocumentWithItsHash() {
        JsonNode paths = read(V3.index()).path("paths");
        assertThat(paths.propertyNames())
                .containsExactly("api/v1", "apis/apps/v1", "apis/hypernetes.io/v1");
        assertThat(paths.path("api/v1").path("serverRelativeURL").asString())
                .matches("/openapi/v3/api/v1\\?hash=[0-9A-F]{128}");
        assertThat(V3.document("apis/batch/v1")).isEmpty();
    }

    @Test
    void patchesSayThatTheServerValidatesFields() {
        JsonNode patch =
                read(V3.document("apis/apps/v1").orElseThrow().json())
                        .path("paths")
                        .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                        .path("patch");
        assertThat(patch.path("parameters").findValuesAsString("name")).contains("fieldValidation");
        assertThat(patch.path("x-kubernetes-group-version-kind").path("kind").asString())
                .isEqualTo("Deployment");
        assertThat(patch.path("requestBody").path("content").propertyNames())
                .contains("application/strategic-merge-patch+json");
    }

    @Test
    void everyReferenceOfADocumentResolves() {
        for (String path : List.of("api/v1", "apis/apps/v1", "apis/hypernetes.io/v1")) {
            JsonNode document = read(V3.document(path).orElseThrow().json());
            for (String reference : document.findValuesAsString("$ref")) {
                if (!reference.isEmpty()) {
                    String name = reference.substring("#/components/schemas/".length());
                    assertThat(document.path("components").path("schemas").has(name))
                            .as(reference)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void definitionsAreDescribedAndNameTheirKind() {
        JsonNode schemas =
                read(V3.document("apis/hypernetes.io/v1").orElseThrow().json())
                        .path("components")
                        .path("schemas");
        JsonNode tenant = schemas.path("io.hypernetes.v1.Tenant");
        assertThat(tenant.path("x-kubernetes-group-version-kind").get(0).path("group").asString())
                .isEqualTo("hypernetes.io");
        assertThat(tenant.has("x-hypernetes-checked")).isFalse();
        assertThat(schemas.path("io.hypernetes.v1.TenantList").path("required").get(0).asString())
                .isEqualTo("items");
        assertThat(
                        schemas.path("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
                                .path("properties")
                                .path("labels")
                                .path("description")
                                .asString())
                .startsWith("Map of string keys and values");
    }

    @Test
    void version2HasTheSameDefinitionsAndMarkers() {
        JsonNode containers =
                read(V2.json())
                        .path("definitions")
                        .path("io.k8s.api.core.v1.PodSpec")
                        .path("properties")
                        .path("containers");
        assertThat(containers.path("x-kubernetes-patch-merge-key").asString()).isEqualTo("name");
        assertThat(containers.path("items").path("$ref").asString())
                .isEqualTo("#/definitions/io.k8s.api.core.v1.Container");
    }

    @Test
    void version2AsProtobufBeginsWithItsVersion() {
        assertThat(V2.protobuf()).startsWith(0x0A, 3, '2', '.', '0', 0x12);
    }

    @Test
    void version3AsProtobufHasTheSamePathsAndSchemas() {
        OpenApiV3Document apps = V3.document("apis/apps/v1").orElseThrow();
        JsonNode json = read(apps.json());
        byte[] protobuf = apps.protobuf();
        assertThat(OpenApiV3ProtobufTest.fields(OpenApiV3ProtobufTest.at(protobuf, 4), 1))
                .extracting(pair -> OpenApiV3ProtobufTest.text(pair, 1))
                .containsExactlyElementsOf(json.path("paths").propertyNames());
        assertThat(OpenApiV3ProtobufTest.fields(OpenApiV3ProtobufTest.at(protobuf, 5, 1), 1))
                .extracting(pair -> OpenApiV3ProtobufTest.text(pair, 1))
                .containsExactlyElementsOf(json.path("components").path("schemas").propertyNames());
    }

    private static ResourceType type(
            String group, String resource, String kind, Scope scope, String schema) {
        GroupResource id = new GroupResource(group, resource);
        return new ResourceType(
                id,
                "v1",
                kind,
                kind.toLowerCase(java.util.Locale.ROOT),
                List.of(),
                List.of(),
                scope,
                Set.of("status"),
                new BuiltinSchema(schema),
                Storage.single(id, new GroupVersionKind(group, "v1", kind)),
                List.of(),
                Strategy.PLAIN);
    }

    private static JsonNode read(byte[] bytes) {
        return JsonMapper.shared().readTree(bytes);
    }
}
