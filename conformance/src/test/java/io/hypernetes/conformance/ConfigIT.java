package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's tests of config maps and secrets that look at the API alone. */
final class ConfigIT {
    private static ObjectNode object(String kind, String name, String key) {
        return Objects.tree(
                "{apiVersion: v1, kind: %s, metadata: {name: %s, labels: {test: static}}, data: {'%s': dmFsdWU=}}"
                        .formatted(kind, name, key));
    }

    @Upstream({
        "[sig-node] ConfigMap should fail to create ConfigMap with empty key [Conformance]",
        "[sig-node] Secrets should fail to create secret due to empty secret key [Conformance]"
    })
    @InWorlds
    void anEmptyKeyIsInvalid(Space space) {
        for (String kind : List.of("ConfigMap", "Secret")) {
            Objects objects = space.objects("v1", kind.equals("Secret") ? "secrets" : "configmaps");
            Refused refused = Refused.by(() -> objects.create(object(kind, "empty", "")));
            assertThat(refused.code()).isEqualTo(422);
            assertThat(refused.reason()).isEqualTo("Invalid");
        }
    }

    @Upstream("[sig-node] ConfigMap should run through a ConfigMap lifecycle [Conformance]")
    @InWorlds
    void aConfigMapLives(Space space) {
        life(space, "ConfigMap", space.configMaps());
    }

    @Upstream(
            "[sig-node] ConfigMap should update ConfigMap successfully [NodeConformance]"
                    + " [Conformance]")
    @InWorlds
    void aConfigMapIsReplaced(Space space) {
        Objects maps = space.configMaps();
        ObjectNode made = maps.create(object("ConfigMap", "one", "key"));
        made.putObject("data").put("other", "value");
        ObjectNode replaced = maps.replace(made);
        assertThat(maps.get("one").path("data")).isEqualTo(replaced.path("data"));
        assertThat(replaced.path("data").propertyNames()).containsExactly("other");
    }

    @Upstream("[sig-node] Secrets should patch a secret [Conformance]")
    @InWorlds
    void aSecretLives(Space space) {
        life(space, "Secret", space.objects("v1", "secrets"));
    }

    private static void life(Space space, String kind, Objects objects) {
        String mine = Objects.labelled("test=patched,space=" + space.namespace());
        try (Watching watch = objects.watch(Objects.query("fieldSelector", "metadata.name=one"))) {
            objects.create(object(kind, "one", "key"));
            watch.until("ADDED");
            objects.patch(
                    "one",
                    Objects.STRATEGIC,
                    "{\"metadata\": {\"labels\": {\"test\": \"patched\", \"space\": \""
                            + space.namespace()
                            + "\"}}, \"data\": {\"key\": \"b3RoZXI=\"}}");
            watch.until("MODIFIED", o -> Metadata.label(o, "test").equals("patched"));
            assertThat(objects.get("one").path("data").path("key").asString())
                    .isEqualTo("b3RoZXI=");
            assertThat(objects.everyNamespace().names(mine)).containsExactly("one");
            objects.deleteAll(mine);
            watch.until("DELETED");
            assertThat(objects.names(mine)).isEmpty();
        }
    }

    @Upstream({
        "[sig-storage] ConfigMap should be immutable if `immutable` field is set [Conformance]",
        "[sig-storage] Secrets should be immutable if `immutable` field is set [Conformance]"
    })
    @InWorlds
    void whatIsImmutableKeepsItsData(Space space) {
        for (String kind : List.of("ConfigMap", "Secret")) {
            Objects objects = space.objects("v1", kind.equals("Secret") ? "secrets" : "configmaps");
            objects.create(object(kind, "immutable", "key"));
            objects.merge("immutable", "{data: {key: b3RoZXI=}}");
            objects.merge("immutable", "{immutable: true}");
            for (String change :
                    List.of("{data: {key: dmFsdWU=}}", "{immutable: false}", "{immutable: null}")) {
                assertThat(Refused.by(() -> objects.merge("immutable", change)).reason())
                        .isEqualTo("Invalid");
            }
            objects.merge("immutable", "{metadata: {labels: {label1: value1}}}");
            objects.delete("immutable");
        }
    }
}
