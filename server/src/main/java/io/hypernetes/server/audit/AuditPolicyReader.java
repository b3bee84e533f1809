package io.hypernetes.server.audit;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Yaml;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a policy strictly: a field with a slip of the pen would silently audit too little. */
final class AuditPolicyReader {
    private static final Set<String> POLICY_FIELDS =
            Set.of("apiVersion", "kind", "metadata", "omitStages", "omitManagedFields", "rules");
    private static final Set<String> RULE_FIELDS =
            Set.of(
                    "level",
                    "users",
                    "userGroups",
                    "verbs",
                    "tenants",
                    "resources",
                    "namespaces",
                    "nonResourceURLs",
                    "omitStages",
                    "omitManagedFields");
    private static final Set<String> RESOURCE_FIELDS =
            Set.of("group", "resources", "resourceNames");

    private AuditPolicyReader() {}

    static List<AuditRule> read(byte[] yaml) {
        JsonNode policy = tree(yaml);
        if (!policy.path("kind").asString("").equals("Policy")
                || !policy.path("apiVersion").asString("").equals("audit.k8s.io/v1")) {
            throw wrong("it must be a Policy of audit.k8s.io/v1 (apiVersion and kind)");
        }
        checkFields("", policy, POLICY_FIELDS);
        Set<AuditStage> omitted = stages("omitStages", policy.path("omitStages"));
        boolean omitManagedFields = policy.path("omitManagedFields").asBoolean(false);
        List<AuditRule> rules = new ArrayList<>();
        for (JsonNode rule : policy.path("rules")) {
            rules.add(rule("rules[" + rules.size() + "]", rule, omitted, omitManagedFields));
        }
        if (rules.isEmpty()) {
            throw wrong("rules: Required value: without a rule nothing is audited");
        }
        return rules;
    }

    private static JsonNode tree(byte[] yaml) {
        try {
            return Yaml.parse(yaml).tree();
        } catch (ApiException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private static AuditRule rule(
            String at, JsonNode rule, Set<AuditStage> omitted, boolean omitManagedFields) {
        checkFields(at + ".", rule, RULE_FIELDS);
        Set<AuditStage> stages = EnumSet.noneOf(AuditStage.class);
        stages.addAll(omitted);
        stages.addAll(stages(at + ".omitStages", rule.path("omitStages")));
        List<AuditRule.Resources> resources = new ArrayList<>();
        for (JsonNode group : rule.path("resources")) {
            String place = at + ".resources[" + resources.size() + "].";
            checkFields(place, group, RESOURCE_FIELDS);
            resources.add(
                    new AuditRule.Resources(
                            group.path("group").asString(""),
                            texts(place + "resources", group.path("resources")),
                            texts(place + "resourceNames", group.path("resourceNames"))));
        }
        List<String> urls = texts(at + ".nonResourceURLs", rule.path("nonResourceURLs"));
        if (!urls.isEmpty() && (!resources.isEmpty() || rule.has("namespaces"))) {
            throw wrong(at + ": a rule is for resources or for nonResourceURLs, not for both");
        }
        return new AuditRule(
                level(at + ".level", rule.path("level").asString("")),
                texts(at + ".users", rule.path("users")),
                texts(at + ".userGroups", rule.path("userGroups")),
                texts(at + ".verbs", rule.path("verbs")),
                texts(at + ".tenants", rule.path("tenants")),
                resources,
                texts(at + ".namespaces", rule.path("namespaces")),
                urls,
                stages,
                rule.path("omitManagedFields").asBoolean(omitManagedFields));
    }

    private static AuditLevel level(String at, String text) {
        return Arrays.stream(AuditLevel.values())
                .filter(level -> level.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> unsupported(at, text, AuditLevel.values()));
    }

    private static Set<AuditStage> stages(String at, JsonNode list) {
        Set<AuditStage> stages = EnumSet.noneOf(AuditStage.class);
        for (String text : texts(at, list)) {
            stages.add(
                    Arrays.stream(AuditStage.values())
                            .filter(stage -> stage.name().equals(text))
                            .findFirst()
                            .orElseThrow(() -> unsupported(at, text, AuditStage.values())));
        }
        return stages;
    }

    private static AuditPolicyException unsupported(String at, String text, Object[] supported) {
        String values =
                Arrays.stream(supported).map(Object::toString).collect(Collectors.joining(", "));
        return wrong(at + ": Unsupported value: \"" + text + "\": supported values: " + values);
    }

    private static List<String> texts(String at, JsonNode list) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list) {
            if (!text.isString()) {
                throw wrong(at + "[" + texts.size() + "]: must be a string");
            }
            texts.add(text.asString());
        }
        return List.copyOf(texts);
    }

    private static void checkFields(String at, JsonNode node, Set<String> known) {
        for (String field : node.propertyNames()) {
            if (!known.contains(field)) {
                throw wrong(at + field + ": unknown field");
            }
        }
    }

    private static AuditPolicyException wrong(String problem) {
        return new AuditPolicyException("the audit policy cannot be used: " + problem);
    }
}
