package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;

import tools.jackson.databind.node.ObjectNode;

/** Upstream's crd_conversion_webhook.go. */
final class ConversionIT {
    private static final Hooks HOOKS = new Hooks();

    @AfterAll
    static void stop() {
        HOOKS.close();
    }

    @Upstream({
        "[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be"
                + " able to convert from CR v1 to CR v2 [Conformance]",
        "[sig-api-machinery] CustomResourceConversionWebhook [Privileged:ClusterAdmin] should be"
                + " able to convert a non homogeneous list of CRs [Conformance]"
    })
    @InWorlds
    void versionsAreConvertedByAWebhook(Space space) {
        Definition definition =
                Definition.versioned(
                        space,
                        "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type:"
                                + " object, properties: {hostPort: {type: string}}}}}, {name: v2,"
                                + " served: true, storage: false, schema: {openAPIV3Schema: {type:"
                                + " object, properties: {host: {type: string}, port: {type:"
                                + " string}}}}}]");
        ObjectNode object = definition.object();
        ObjectNode webhook =
                object.withObjectProperty("spec")
                        .withObjectProperty("conversion")
                        .put("strategy", "Webhook")
                        .putObject("webhook");
        webhook.set("clientConfig", Objects.tree(HOOKS.client("/convert")));
        webhook.putArray("conversionReviewVersions").add("v1");
        definition.create(object);
        definition
                .objects("v1")
                .create(definition.object("v1", "one", "hostPort: 'localhost:8080'"));
        ObjectNode second = definition.objects("v2").get("one");
        assertThat(second.path("host").asString()).isEqualTo("localhost");
        assertThat(second.path("port").asString()).isEqualTo("8080");
        definition
                .definitions()
                .patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        """
                        [{"op": "replace", "path": "/spec/versions/0/storage", "value": false},
                         {"op": "replace", "path": "/spec/versions/1/storage", "value": true}]
                        """);
        definition
                .objects("v2")
                .create(definition.object("v2", "two", "{host: localhost, port: '9090'}"));
        assertThat(definition.objects("v1").list())
                .extracting(o -> o.path("hostPort").asString())
                .containsExactly("localhost:8080", "localhost:9090");
        assertThat(definition.objects("v2").list())
                .extracting(o -> o.path("port").asString())
                .containsExactly("8080", "9090");
    }
}
