package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's namespace.go. */
final class NamespaceIT {
    static final String POD =
            "{apiVersion: v1, kind: Pod, metadata: {name: pod, labels: {app: a}}, spec:"
                    + " {containers: [{name: nginx, image: nginx}]}}";

    @Upstream({
        "[sig-api-machinery] Namespaces [Serial] should ensure that all pods are removed when a"
                + " namespace is deleted [Conformance]",
        "[sig-api-machinery] Namespaces [Serial] should ensure that all services are removed when a"
                + " namespace is deleted [Conformance]"
    })
    @InWorlds
    void aNamespaceTakesItsObjectsAlong(Space space) {
        String name = Space.unique("nsdelete");
        space.newNamespace(name);
        Objects namespaces = space.cluster("v1", "namespaces");
        Objects pods = Objects.of(space.http(), "v1", "pods", name);
        Objects services = Objects.of(space.http(), "v1", "services", name);
        pods.create(POD);
        services.create(
                "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {a: b},"
                        + " ports: [{port: 80, targetPort: 80}]}}");
        pods.await("pod", p -> p.path("status").path("phase").asString().equals("Running"));
        namespaces.delete(name);
        namespaces.awaitGone(name);
        space.newNamespace(name);
        assertThat(pods.list()).isEmpty();
        assertThat(services.list()).isEmpty();
    }

    @Upstream({
        "[sig-api-machinery] Namespaces [Serial] should patch a Namespace [Conformance]",
        "[sig-api-machinery] Namespaces [Serial] should apply an update to a Namespace"
                + " [Conformance]"
    })
    @InWorlds
    void aNamespaceIsPatchedAndReplaced(Space space) {
        Objects namespaces = space.cluster("v1", "namespaces");
        ObjectNode patched =
                namespaces.patch(
                        space.namespace(),
                        Objects.STRATEGIC,
                        "{\"metadata\": {\"labels\": {\"testLabel\": \"testValue\"}}}");
        assertThat(Metadata.label(patched, "testLabel")).isEqualTo("testValue");
        Metadata.ensureLabels(patched).put("updated", space.namespace());
        assertThat(Metadata.label(namespaces.replace(patched), "updated"))
                .isEqualTo(space.namespace());
    }

    @Upstream(
            "[sig-api-machinery] Namespaces [Serial] should apply changes to a namespace status"
                    + " [Conformance]")
    @InWorlds
    void theStatusIsWritten(Space space) {
        Objects namespaces = space.cluster("v1", "namespaces");
        String name = space.namespace();
        ObjectNode read = namespaces.get(name, "status");
        assertThat(read.path("status").path("phase").asString()).isEqualTo("Active");
        String condition =
                "{type: StatusPatch, status: 'True', reason: E2E, message: Patched by an e2e test}";
        ObjectNode patched =
                namespaces.merge(
                        name,
                        "{metadata: {annotations: {e2e-patched-ns-status: %s}}, status: {conditions:"
                                        .formatted(name)
                                + " ["
                                + condition
                                + "]}}",
                        "status");
        assertThat(Metadata.annotation(patched, "e2e-patched-ns-status")).isEqualTo(name);
        assertThat(Definition.isTrue(patched, "StatusPatch")).isTrue();
        patched.withObjectProperty("status")
                .withArrayProperty("conditions")
                .addObject()
                .put("type", "StatusUpdate")
                .put("status", "True")
                .put("reason", "E2E");
        ObjectNode updated = namespaces.replace(patched, "status");
        assertThat(Definition.isTrue(updated, "StatusUpdate")).isTrue();
        assertThat(updated.path("status").path("phase").asString()).isEqualTo("Active");
    }

    @Upstream(
            "[sig-api-machinery] Namespaces [Serial] should apply a finalizer to a Namespace"
                    + " [Conformance]")
    @InWorlds
    void aFinalizerOfTheSpecIsSetAndTaken(Space space) {
        Objects namespaces = space.cluster("v1", "namespaces");
        ObjectNode namespace = namespaces.get(space.namespace());
        namespace
                .withObjectProperty("spec")
                .withArrayProperty("finalizers")
                .add("e2e.example.com/fakeFinalizer");
        ObjectNode updated = namespaces.replace(namespace, "finalize");
        assertThat(finalizers(updated)).contains("kubernetes", "e2e.example.com/fakeFinalizer");
        updated.withObjectProperty("spec").putArray("finalizers").add("kubernetes");
        assertThat(finalizers(namespaces.replace(updated, "finalize")))
                .containsExactly("kubernetes");
    }

    @Upstream(
            "[sig-api-machinery] OrderedNamespaceDeletion namespace deletion should delete pod"
                    + " first [Conformance]")
    @InWorlds
    void podsGoFirst(Space space) {
        String name = Space.unique("nsdelete");
        space.newNamespace(name);
        Objects namespaces = space.cluster("v1", "namespaces");
        Objects pods = Objects.of(space.http(), "v1", "pods", name);
        Objects maps = Objects.of(space.http(), "v1", "configmaps", name);
        pods.create(
                POD.replace("name: pod,", "name: pod, finalizers: [e2e.example.com/finalizer],"));
        maps.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: policy}}");
        namespaces.delete(name);
        pods.await("pod", Metadata::isBeingDeleted);
        namespaces.await(name, n -> Definition.isTrue(n, "NamespaceFinalizersRemaining"));
        assertThat(Metadata.isBeingDeleted(maps.get("policy"))).isFalse();
        pods.merge("pod", "{metadata: {finalizers: null}}");
        namespaces.awaitGone(name);
    }

    private static List<String> finalizers(ObjectNode namespace) {
        return namespace
                .path("spec")
                .path("finalizers")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
