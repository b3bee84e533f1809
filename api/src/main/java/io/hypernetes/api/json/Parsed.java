package io.hypernetes.api.json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * A manifest as it came in.
 *
 * @param tree of a field that occurs twice, the last value
 * @param duplicates what strict field validation complains about, for instance {@code duplicate
 *     field "spec.replicas"}; empty for a clean manifest
 */
public record Parsed(ObjectNode tree, List<String> duplicates) {}
