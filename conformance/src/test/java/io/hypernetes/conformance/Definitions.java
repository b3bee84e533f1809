package io.hypernetes.conformance;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.patch.MergePatch;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * CustomResourceDefinitions, most of them wrong in one way, one a line of {@code
 * definitions.jsonl}: what a good one has otherwise ({@code patch}), its schema ({@code schema}) or
 * the schema of its only field ({@code field}).
 */
final class Definitions {
    private static final String GOOD =
            """
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
             "metadata": {"name": "foos.ex.io"},
             "spec": {"group": "ex.io", "scope": "Namespaced",
                      "names": {"plural": "foos", "singular": "foo", "kind": "Foo",
                                "listKind": "FooList"},
                      "versions": [{"name": "v1", "served": true, "storage": true,
                                    "schema": {"openAPIV3Schema": {"type": "object"}}}]}}
            """;

    private Definitions() {}

    static List<ObjectNode> all() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        Definitions.class.getResourceAsStream("definitions.jsonl")),
                                StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> of(parse(line))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode of(ObjectNode line) {
        ObjectNode definition = parse(GOOD);
        if (line.has("patch")) {
            return MergePatch.apply(line.get("patch"), definition);
        }
        ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
        if (line.has("schema")) {
            version.withObjectProperty("schema").set("openAPIV3Schema", line.get("schema"));
        } else {
            version.withObject("/schema/openAPIV3Schema/properties").set("spec", line.get("field"));
        }
        return definition;
    }

    private static ObjectNode parse(String text) {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }
}
