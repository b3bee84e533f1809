package io.hypernetes.conformance;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

/**
 * A custom resource definition of one test, in a group of its own, namespaced.
 *
 * @param kind also what the plural is made of
 */
record Definition(Space space, String group, String kind, String versions) {
    static final String ANYTHING =
            "{openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}";

    /** One version, v1, without a schema to speak of. */
    static Definition anything(Space space) {
        return of(space, ANYTHING);
    }

    /** One version, v1. */
    static Definition of(Space space, String schema) {
        return versioned(
                space, "[{name: v1, served: true, storage: true, schema: %s}]".formatted(schema));
    }

    static Definition versioned(Space space, String versions) {
        return new Definition(space, Space.unique("group") + ".example.com", "E2eTest", versions);
    }

    String plural() {
        return kind.toLowerCase(java.util.Locale.ROOT) + "s";
    }

    String name() {
        return plural() + "." + group;
    }

    ObjectNode object() {
        return Objects.tree(
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %s}
                spec:
                  group: %s
                  scope: Namespaced
                  names: {plural: %s, singular: %s, kind: %s, listKind: %sList}
                  versions: %s
                """
                        .formatted(
                                name(),
                                group,
                                plural(),
                                kind.toLowerCase(java.util.Locale.ROOT),
                                kind,
                                kind,
                                versions));
    }

    Objects definitions() {
        return space.cluster("apiextensions.k8s.io/v1", "customresourcedefinitions");
    }

    /** Back when it is served. */
    Definition create() {
        return create(object());
    }

    Definition create(ObjectNode definition) {
        definitions().create(definition);
        definitions().await(name(), d -> isTrue(d, "Established"));
        return this;
    }

    static boolean isTrue(ObjectNode object, String condition) {
        return object.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(c ->
                        c.path("type").asString().equals(condition)
                                && c.path("status").asString().equals("True"));
    }

    Objects objects(String version) {
        return space.objects(group + "/" + version, plural());
    }

    Objects objects() {
        return objects("v1");
    }

    /**
     * @param rest everything but kind, version and name, as YAML of one indentation
     */
    ObjectNode object(String version, String name, String rest) {
        ObjectNode object = Objects.tree(rest);
        object.put("apiVersion", group + "/" + version).put("kind", kind);
        Metadata.ensureMetadata(object).put("name", name);
        return object;
    }

    void delete() {
        definitions().delete(name());
        definitions().awaitGone(name());
    }
}
