package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

/** Upstream's field_validation.go. */
final class FieldValidationIT {
    private static final String STRICT = "fieldManager=m&fieldValidation=Strict";

    private static final String PORTS =
            """
            foo: {type: string}
            cronSpec: {type: string, pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'}
            ports:
              type: array
              x-kubernetes-list-map-keys: [containerPort, protocol]
              x-kubernetes-list-type: map
              items:
                type: object
                required: [containerPort, protocol]
                properties:
                  containerPort: {format: int32, type: integer}
                  name: {type: string}
                  protocol: {type: string}
            """;

    private static final String DEPLOYMENT =
            """
            {"apiVersion": "apps/v1", "kind": "Deployment",
             "metadata": {"name": "my-dep", %s "labels": {"app": "nginx"}},
             "spec": {%s "selector": {"matchLabels": {"app": "nginx"}},
                      "template": {"metadata": {"labels": {"app": "nginx"}},
                        "spec": {"containers": [{"name": "nginx", "image": "nginx:latest"}]}}}}
            """;

    /** A schema whose spec has the properties above. */
    private static String schema(String beside, String more) {
        String properties = (PORTS + more).indent(10);
        return Json.text(
                Objects.tree(
                        """
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec:
                              type: object%s
                              properties:
                        %s
                        """
                                .formatted(beside, properties)));
    }

    private static String manifest(Definition definition, String meta, String root, String spec) {
        return """
        apiVersion: %s/v1
        kind: %s
        metadata:
          name: mytest%s
          finalizers:
          - test-finalizer%s
        spec:%s
          foo: foo1
          cronSpec: "* * * * */5"
          ports:
          - name: x
            containerPort: 80
            protocol: TCP
        """
                .formatted(definition.group(), definition.kind(), meta, root, spec);
    }

    private static String refused(Space space, String body) {
        return Refused.by(() ->
                        space.http()
                                .send(
                                        "POST",
                                        space.objects("apps/v1", "deployments").path()
                                                + "?"
                                                + STRICT,
                                        Http.JSON,
                                        body)
                                .succeeded())
                .message();
    }

    @Upstream({
        "[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed"
                + " object [Conformance]",
        "[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed"
                + " object [Conformance]"
    })
    @InWorlds
    void mistakesInADeploymentAreToldByName(Space space) {
        assertThat(
                        refused(
                                space,
                                DEPLOYMENT.formatted(
                                        "",
                                        "\"unknownField\": \"foo\", \"replicas\": 2, \"replicas\":"
                                                + " 3,")))
                .contains(
                        "strict decoding error: unknown field \"spec.unknownField\", duplicate"
                                + " field \"spec.replicas\"");
        assertThat(refused(space, DEPLOYMENT.formatted("\"unknownMeta\": \"foo\",", "")))
                .contains("strict decoding error: unknown field \"metadata.unknownMeta\"");
    }

    @Upstream(
            "[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with"
                    + " validation schema [Conformance]")
    @InWorlds
    void aValidObjectIsApplied(Space space) {
        Definition definition = Definition.of(space, schema("", "")).create();
        var made = definition.objects().apply("mytest", manifest(definition, "", "", ""), STRICT);
        assertThat(Metadata.finalizers(made)).containsExactly("test-finalizer");
        definition.objects().merge("mytest", "{metadata: {finalizers: null}}");
    }

    @Upstream(
            "[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for"
                    + " CRD with no validation schema [Conformance]")
    @InWorlds
    void withoutASchemaNothingIsUnknown(Space space) {
        Definition definition = Definition.anything(space).create();
        var made =
                definition
                        .objects()
                        .apply("mytest", manifest(definition, "", "", "\n  unknown: uk1"), STRICT);
        assertThat(made.path("spec").path("unknown").asString()).isEqualTo("uk1");
        definition.objects().merge("mytest", "{metadata: {finalizers: null}}");
    }

    @Upstream(
            "[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra"
                    + " properties for CRD with validation schema [Conformance]")
    @InWorlds
    void aFieldThatTheSchemaLacksIsRefused(Space space) {
        Definition definition = Definition.of(space, schema("", "")).create();
        String manifest = manifest(definition, "", "\nunknownField: unknown", "");
        assertThat(
                        Refused.by(() -> definition.objects().apply("mytest", manifest, STRICT))
                                .message())
                .contains(".unknownField: field not declared in schema");
    }

    @Upstream(
            "[sig-api-machinery] FieldValidation should detect unknown metadata fields in both the"
                    + " root and embedded object of a CR [Conformance]")
    @InWorlds
    void metadataHasASchemaEverywhere(Space space) {
        String template =
                """
                template:
                  type: object
                  x-kubernetes-embedded-resource: true
                  properties:
                    metadata: {type: object, properties: {name: {type: string}}}
                    spec: {type: object}
                """;
        String preserving = "\n      x-kubernetes-preserve-unknown-fields: true";
        Definition definition = Definition.of(space, schema(preserving, template)).create();
        String manifest =
                manifest(
                        definition,
                        "\n  unknownMeta: unknown",
                        "",
                        """

                          template:
                            apiversion: foo/v1
                            kind: Sub
                            metadata:
                              unknownSubMeta: unknown
                              name: subobject
                              namespace: %s\
                        """
                                .formatted(space.namespace()));
        assertThat(
                        Refused.by(() -> definition.objects().apply("mytest", manifest, STRICT))
                                .message())
                .contains(".metadata.unknownMeta: field not declared in schema");
    }

    @Upstream(
            "[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving"
                    + " unknown fields [Conformance]")
    @InWorlds
    void aFieldGivenTwiceIsRefusedWithItsLine(Space space) {
        String preserving = "\n      x-kubernetes-preserve-unknown-fields: true";
        Definition definition = Definition.of(space, schema(preserving, "")).create();
        String manifest = manifest(definition, "", "", "\n  unknown: uk1\n  foo: foo0");
        assertThat(
                        Refused.by(() -> definition.objects().apply("mytest", manifest, STRICT))
                                .message())
                .contains("line 10: key \"foo\" already set in map");
    }
}
