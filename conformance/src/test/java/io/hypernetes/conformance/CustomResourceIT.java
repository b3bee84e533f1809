package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Upstream's custom_resource_definition.go and crd_watch.go. */
final class CustomResourceIT {

    @Upstream(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin]"
                + " Simple CustomResourceDefinition creating/deleting custom resource definition"
                + " objects works [Conformance]")
    @InWorlds
    void definitionsComeAndGo(Space space) {
        Definition definition = Definition.anything(space).create();
        Objects objects = definition.objects();
        objects.create(definition.object("v1", "one", "{any: {thing: 1}}"));
        assertThat(objects.get("one").path("any").path("thing").asInt()).isEqualTo(1);
        definition.delete();
        assertThat(Refused.by(() -> objects.get("one")).code()).isEqualTo(404);
    }

    @Upstream(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin]"
                    + " Simple CustomResourceDefinition listing custom resource definition objects"
                    + " works [Conformance]")
    @InWorlds
    void definitionsAreListedAndDeletedByLabel(Space space) {
        Objects definitions = space.cluster("apiextensions.k8s.io/v1", "customresourcedefinitions");
        String mine = Objects.labelled("e2e=" + space.namespace());
        Definition other = Definition.anything(space).create();
        List<String> names =
                IntStream.range(0, 5)
                        .mapToObj(_ -> {
                            Definition definition = Definition.anything(space);
                            ObjectNode object = definition.object();
                            Metadata.ensureLabels(object).put("e2e", space.namespace());
                            definition.create(object);
                            return definition.name();
                        })
                        .toList();
        assertThat(definitions.names(mine)).containsExactlyInAnyOrderElementsOf(names);
        definitions.deleteAll(mine);
        definitions.awaitCount(0, mine);
        assertThat(definitions.exists(other.name())).isTrue();
    }

    @Upstream(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin]"
                    + " Simple CustomResourceDefinition getting/updating/patching custom resource"
                    + " definition status sub-resource works [Conformance]")
    @InWorlds
    void theStatusOfADefinitionIsWritten(Space space) {
        Definition definition = Definition.anything(space).create();
        Objects definitions = definition.definitions();
        ObjectNode status = definitions.get(definition.name(), "status");
        assertThat(Definition.isTrue(status, "Established")).isTrue();
        status.withObjectProperty("status")
                .withArrayProperty("conditions")
                .addObject()
                .put("type", "StatusUpdate")
                .put("status", "True")
                .put("reason", "E2E")
                .put("message", "Set from an e2e test");
        assertThat(Definition.isTrue(definitions.replace(status, "status"), "StatusUpdate"))
                .isTrue();
        ObjectNode patched =
                definitions.patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        """
                        [{"op": "add", "path": "/status/conditions/-", "value":
                          {"type": "StatusPatched", "status": "True", "reason": "E2E"}}]
                        """,
                        "status");
        assertThat(Definition.isTrue(patched, "StatusUpdate")).isTrue();
        assertThat(Definition.isTrue(definitions.get(definition.name()), "StatusPatched")).isTrue();
    }

    @Upstream(
            "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin]"
                + " custom resource defaulting for requests and from storage works [Conformance]")
    @InWorlds
    void defaultsAreOfRequestsAndOfWhatIsStored(Space space) {
        String schema =
                """
                {openAPIV3Schema: {type: object, properties: {
                  a: {type: string%s}, b: {type: string%s}}}}
                """;
        Definition definition = Definition.of(space, schema.formatted("", "")).create();
        Objects objects = definition.objects();
        objects.create(definition.object("v1", "old", "{}"));
        assertThat(objects.get("old").has("a")).isFalse();

        change(definition, schema.formatted(", default: A", ""));
        objects.await("old", o -> o.path("a").asString("").equals("A"));
        ObjectNode made = objects.create(definition.object("v1", "new", "{}"));
        assertThat(made.path("a").asString("")).isEqualTo("A");

        change(definition, schema.formatted("", ", default: B"));
        objects.await("old", o -> o.path("b").asString("").equals("B") && !o.has("a"));
        // Its default was stored when it was made.
        objects.await("new", o -> o.path("b").asString("").equals("B"));
        assertThat(objects.get("new").path("a").asString("")).isEqualTo("A");
    }

    private static void change(Definition definition, String schema) {
        ObjectNode object = definition.definitions().get(definition.name());
        ((ObjectNode) object.path("spec").path("versions").get(0))
                .set("schema", Objects.tree(schema));
        definition.definitions().replace(object);
    }

    @Upstream(
            "[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin]"
                    + " CustomResourceDefinition Watch watch on custom resource definition objects"
                    + " [Conformance]")
    @InWorlds
    void customResourcesAreWatched(Space space) {
        Definition definition = Definition.anything(space).create();
        Objects objects = definition.objects();
        try (Watching all = objects.watch("");
                Watching second =
                        objects.watch(Objects.query("fieldSelector", "metadata.name=b"))) {
            objects.create(definition.object("v1", "a", "{}"));
            assertThat(all.next("ADDED").name()).isEqualTo("a");
            objects.create(definition.object("v1", "b", "{}"));
            assertThat(all.next("ADDED").name()).isEqualTo("b");
            assertThat(second.next("ADDED").name()).isEqualTo("b");
            objects.merge("a", "{dummy: test}");
            assertThat(all.next("MODIFIED").name()).isEqualTo("a");
            objects.delete("a");
            assertThat(all.next("DELETED").name()).isEqualTo("a");
            objects.delete("b");
            assertThat(second.next("DELETED").name()).isEqualTo("b");
        }
    }

    private static final String TWO_VERSIONS =
            "[{name: v2, served: true, storage: true, schema: %1$s},"
                    + " {name: v3, served: true, storage: false, schema: %1$s}]";

    private static String field(String name) {
        return "{openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {"
                + name
                + ": {type: string}}}}}}";
    }

    private static boolean isPublished(Space space, String group, String version, String kind) {
        String name = reversed(group) + "." + version + "." + kind;
        return space.raw("/openapi/v2").path("definitions").has(name);
    }

    private static String reversed(String group) {
        return String.join(".", List.of(group.split("\\.")).reversed());
    }

    private static void awaitPublished(Definition definition, String version, boolean expected) {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        isPublished(
                                        definition.space(),
                                        definition.group(),
                                        version,
                                        definition.kind())
                                == expected);
    }

    @Upstream({
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for"
                + " multiple CRDs of different groups [Conformance]",
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for"
                + " multiple CRDs of same group but different versions [Conformance]",
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for"
                + " multiple CRDs of same group and version but different kinds [Conformance]"
    })
    @InWorlds
    void everyDefinitionIsPublished(Space space) {
        Definition one = Definition.versioned(space, TWO_VERSIONS.formatted(field("foo"))).create();
        Definition other = new Definition(space, one.group(), "Other", one.versions()).create();
        Definition elsewhere =
                Definition.versioned(space, TWO_VERSIONS.formatted(field("foo"))).create();
        for (Definition definition : List.of(one, other, elsewhere)) {
            awaitPublished(definition, "v2", true);
            awaitPublished(definition, "v3", true);
            definition.delete();
            awaitPublished(definition, "v2", false);
        }
    }

    @Upstream(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes"
                    + " definition from spec when one version gets changed to not be served"
                    + " [Conformance]")
    @InWorlds
    void aVersionThatIsNotServedIsNotPublished(Space space) {
        Definition definition =
                Definition.versioned(space, TWO_VERSIONS.formatted(field("foo"))).create();
        awaitPublished(definition, "v3", true);
        definition
                .definitions()
                .patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        "[{\"op\": \"replace\", \"path\": \"/spec/versions/1/served\", \"value\":"
                                + " false}]");
        awaitPublished(definition, "v3", false);
        awaitPublished(definition, "v2", true);
    }

    @Upstream(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the"
                    + " published spec when one version gets renamed [Conformance]")
    @InWorlds
    void aRenamedVersionIsPublishedUnderItsName(Space space) {
        Definition definition =
                Definition.versioned(space, TWO_VERSIONS.formatted(field("foo"))).create();
        awaitPublished(definition, "v3", true);
        definition
                .definitions()
                .patch(
                        definition.name(),
                        Objects.JSON_PATCH,
                        "[{\"op\": \"replace\", \"path\": \"/spec/versions/1/name\", \"value\":"
                                + " \"v4\"}]");
        awaitPublished(definition, "v4", true);
        awaitPublished(definition, "v3", false);
        awaitPublished(definition, "v2", true);
    }

    private static final String SELECTABLE =
            """
            [{name: v1, served: true, storage: true, selectableFields: [{jsonPath: .host}],
              schema: %1$s},
             {name: v2, served: true, storage: false,
              selectableFields: [{jsonPath: .host}, {jsonPath: .port}], schema: %2$s}]
            """
                    .formatted(addresses("hosts"), addresses("hosts and ports"));

    /** Versions that select by different fields must have different schemas. */
    private static String addresses(String description) {
        return """
        {openAPIV3Schema: {type: object, description: %s, properties: {host: {type: string},
          port: {type: string}}}}\
        """
                .formatted(description);
    }

    @Upstream(
            "[sig-api-machinery] CustomResourceFieldSelectors [Privileged:ClusterAdmin]"
                + " CustomResourceFieldSelectors MUST list and watch custom resources matching the"
                + " field selector [Conformance]")
    @InWorlds
    void customResourcesAreSelectedByTheirFields(Space space) {
        Definition definition = Definition.versioned(space, SELECTABLE).create();
        Objects v1 = definition.objects();
        Objects v2 = definition.objects("v2");
        String here = Objects.query("fieldSelector", "host=here");
        String port = Objects.query("fieldSelector", "host=here,port=80");
        try (Watching watch1 = v1.watch(here);
                Watching watch2 = v2.watch(port)) {
            v1.create(definition.object("v1", "a", "{host: here, port: '80'}"));
            v1.create(definition.object("v1", "b", "{host: here, port: '81'}"));
            v1.create(definition.object("v1", "c", "{host: there, port: '80'}"));
            assertThat(v1.names(here)).containsExactly("a", "b");
            assertThat(v2.names(port)).containsExactly("a");
            assertThat(v1.names(Objects.query("fieldSelector", "host!=here"))).containsExactly("c");
            assertThat(Refused.by(() -> v1.list(port)).code()).isEqualTo(400);
            v1.merge("a", "{host: there}");
            v2.merge("c", "{host: here}");
            v1.delete("b");
            assertThat(watch1.next("ADDED").name()).isEqualTo("a");
            assertThat(watch1.next("ADDED").name()).isEqualTo("b");
            assertThat(watch1.next("DELETED").name()).isEqualTo("a");
            assertThat(watch1.next("ADDED").name()).isEqualTo("c");
            assertThat(watch1.next("DELETED").name()).isEqualTo("b");
            assertThat(watch2.next("ADDED").name()).isEqualTo("a");
            assertThat(watch2.next("DELETED").name()).isEqualTo("a");
            assertThat(watch2.next("ADDED").name()).isEqualTo("c");
            v1.deleteAll(here);
            assertThat(v1.names()).containsExactly("a");
        }
    }
}
