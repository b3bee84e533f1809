package io.hypernetes.api.json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * A manifest as it came in.
 *
 * @param tree of a field that occurs twice, the last value
 * @param duplicates what strict field validation complains about, for instance {@code duplicate
 *     field "spec.replicas"} of JSON and {@code line 5: key "replicas" already set in map} of YAML;
 *     empty for a clean manifest
 */
public record Parsed(ObjectNode tree, List<String> duplicates) {}
