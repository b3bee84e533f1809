package io.hypernetes.api.schema;

import static io.hypernetes.api.schema.Trees.pod;
import static io.hypernetes.api.schema.Trees.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SchemasTest {

    @Test
    void everyDefinitionOfKubernetesAndOursIsReadable() {
        assertThat(Schemas.kubernetes().definitions()).hasSizeGreaterThan(770);
        for (String name : Schemas.kubernetes().definitions()) {
            if (Schemas.kubernetes().find(name).orElseThrow() instanceof Schema.Struct struct) {
                struct.properties().values().forEach(Property::schema);
            }
        }
    }

    @Test
    void containersMergeByName() {
        Property containers = at(pod(), "spec", "containers");
        assertThat(containers.required()).isTrue();
        assertThat(containers.patchStrategy()).isEqualTo(PatchStrategy.of("merge", "name"));
        assertThat(list(containers).type()).isEqualTo(ListType.MAP);
        assertThat(list(containers).mapKeys()).containsExactly("name");
    }

    @Test
    void portsMergeByNumberInPatchesAndByNumberAndProtocolInApply() {
        Property ports = at(schema("io.k8s.api.core.v1.Container"), "ports");
        assertThat(ports.patchStrategy().mergeKey()).isEqualTo("containerPort");
        assertThat(list(ports).mapKeys()).containsExactly("containerPort", "protocol");
        Schema.Struct port = (Schema.Struct) list(ports).items().schema();
        assertThat(port.property("protocol").orElseThrow().defaultValue().orElseThrow().asString())
                .isEqualTo("TCP");
    }

    @Test
    void volumesRetainKeys() {
        assertThat(at(pod(), "spec", "volumes").patchStrategy())
                .isEqualTo(new PatchStrategy(true, false, true, "name"));
    }

    @Test
    void finalizersAreAMergedSetAndSelectorsAtomic() {
        Property finalizers = at(pod(), "metadata", "finalizers");
        assertThat(list(finalizers).type()).isEqualTo(ListType.SET);
        assertThat(finalizers.patchStrategy()).isEqualTo(PatchStrategy.of("merge", ""));
        assertThat(schema("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector").atomic()).isTrue();
        assertThat(at(pod(), "spec", "nodeSelector").schema())
                .isInstanceOfSatisfying(
                        Schema.MapOf.class, map -> assertThat(map.atomic()).isTrue());
    }

    @Test
    void scalarsKnowWhatTheyAre() {
        assertThat(at(pod(), "metadata", "creationTimestamp").schema())
                .isEqualTo(new Schema.Scalar(ScalarType.TIME, java.util.List.of()));
        assertThat(at(schema("io.k8s.api.coordination.v1.LeaseSpec"), "renewTime").schema())
                .isEqualTo(new Schema.Scalar(ScalarType.MICRO_TIME, java.util.List.of()));
        assertThat(at(schema("io.k8s.api.core.v1.ServicePort"), "targetPort").schema())
                .isEqualTo(new Schema.Scalar(ScalarType.INT_OR_STRING, java.util.List.of()));
    }

    @Test
    void namespacesNameTheirNetwork() {
        assertThat(at(schema("io.k8s.api.core.v1.Namespace"), "spec", "network").schema())
                .isEqualTo(new Schema.Scalar(ScalarType.STRING, java.util.List.of()));
    }

    @Test
    void definitionsMayContainThemselves() {
        String name = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
        assertThat(at(schema(name), "not").schema()).isSameAs(schema(name));
    }

    private static Property at(Schema.Struct start, String... path) {
        Schema.Struct struct = start;
        for (int i = 0; i < path.length - 1; i++) {
            struct = (Schema.Struct) struct.property(path[i]).orElseThrow().schema();
        }
        return struct.property(path[path.length - 1]).orElseThrow();
    }

    private static Schema.ListOf list(Property property) {
        return (Schema.ListOf) property.schema();
    }
}
