package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The flow schemas and priority levels that every cluster has (KEP-1040): nobody may give the names
 * {@code exempt} and {@code catch-all} another meaning.
 */
public final class MandatoryObjects {

    private static final String EVERYTHING =
            "'resourceRules': [{'verbs': ['*'], 'apiGroups': ['*'], 'resources': ['*'],"
                    + " 'clusterScope': true, 'namespaces': ['*']}],"
                    + " 'nonResourceRules': [{'verbs': ['*'], 'nonResourceURLs': ['*']}]";

    /** Specs by name. */
    public static final Map<String, JsonNode> FLOW_SCHEMAS =
            Map.of(
                    "exempt",
                    json(
                            "{'matchingPrecedence': 1,"
                                    + " 'priorityLevelConfiguration': {'name': 'exempt'},"
                                    + " 'rules': [{'subjects': [{'kind': 'Group',"
                                    + " 'group': {'name': 'system:masters'}}], "
                                    + EVERYTHING
                                    + "}]}"),
                    "catch-all",
                    json(
                            "{'matchingPrecedence': 10000,"
                                    + " 'priorityLevelConfiguration': {'name': 'catch-all'},"
                                    + " 'distinguisherMethod': {'type': 'ByUser'},"
                                    + " 'rules': [{'subjects': [{'kind': 'Group',"
                                    + " 'group': {'name': 'system:unauthenticated'}},"
                                    + " {'kind': 'Group',"
                                    + " 'group': {'name': 'system:authenticated'}}], "
                                    + EVERYTHING
                                    + "}]}"));

    /** Specs by name. */
    public static final Map<String, JsonNode> PRIORITY_LEVELS =
            Map.of(
                    "exempt",
                    json(
                            "{'type': 'Exempt', 'exempt': {'nominalConcurrencyShares': 0,"
                                    + " 'lendablePercent': 0}}"),
                    "catch-all",
                    json(
                            "{'type': 'Limited', 'limited': {'nominalConcurrencyShares': 5,"
                                    + " 'lendablePercent': 0,"
                                    + " 'limitResponse': {'type': 'Reject'}}}"));

    private MandatoryObjects() {}

    static void check(Field object, Map<String, JsonNode> mandatory) {
        String name = object.at("metadata", "name").text();
        JsonNode spec = mandatory.get(name);
        if (spec != null && !Json.same(spec, object.at("spec").value())) {
            object.at("spec").invalid("spec of '" + name + "' must equal the fixed value");
        }
    }

    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
