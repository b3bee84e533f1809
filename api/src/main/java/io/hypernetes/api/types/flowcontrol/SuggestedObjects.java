package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flow schemas and priority levels that Kubernetes gives a new cluster beyond the mandatory
 * ones (KEP-1040): who runs the cluster may change or delete them.
 */
public final class SuggestedObjects {
    private static final String ANY = "*";

    /** Specs by name. */
    public static final Map<String, JsonNode> PRIORITY_LEVELS =
            Map.of(
                    "system", level(30, 33, 64, 6),
                    "node-high", level(40, 25, 64, 6),
                    "leader-election", level(10, 0, 16, 4),
                    "workload-high", level(40, 50, 128, 6),
                    "workload-low", level(100, 90, 128, 6),
                    "global-default", level(20, 50, 128, 6));

    /** Specs by name, in the order in which they are asked. */
    public static final Map<String, JsonNode> FLOW_SCHEMAS = schemas();

    private SuggestedObjects() {}

    private static Map<String, JsonNode> schemas() {
        ObjectNode nodes = group("system:nodes");
        ObjectNode manager = user("system:kube-controller-manager");
        ObjectNode scheduler = user("system:kube-scheduler");
        ObjectNode system = accountsOfSystem();
        List<ObjectNode> all = List.of(group("system:unauthenticated"), authenticated());
        ObjectNode probes = rule(all);
        nonResources(probes, List.of("get"), List.of("/healthz", "/readyz", "/livez"));
        ObjectNode election = rule(List.of(manager, scheduler, system));
        resources(election, List.of("get", "create", "update"), "coordination.k8s.io", "leases");
        ObjectNode health = rule(List.of(nodes));
        resources(health, List.of(ANY), "", "nodes", "nodes/status").put("clusterScope", true);
        resources(health, List.of(ANY), "coordination.k8s.io", "leases");

        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        schemas.put("probes", schema("exempt", 2, "", probes));
        schemas.put("system-leader-election", schema("leader-election", 100, "ByUser", election));
        schemas.put("system-node-high", schema("node-high", 400, "ByUser", health));
        schemas.put("system-nodes", schema("system", 500, "ByUser", everything(List.of(nodes))));
        schemas.put(
                "kube-controller-manager",
                schema("workload-high", 800, "ByNamespace", everything(List.of(manager))));
        schemas.put(
                "kube-scheduler",
                schema("workload-high", 800, "ByNamespace", everything(List.of(scheduler))));
        schemas.put(
                "kube-system-service-accounts",
                schema("workload-high", 900, "ByNamespace", everything(List.of(system))));
        schemas.put(
                "service-accounts",
                schema(
                        "workload-low",
                        9000,
                        "ByUser",
                        everything(List.of(group("system:serviceaccounts")))));
        schemas.put("global-default", schema("global-default", 9900, "ByUser", everything(all)));
        return schemas;
    }

    private static JsonNode level(int shares, int lendable, int queues, int hand) {
        ObjectNode level = Json.object().put("type", "Limited");
        ObjectNode limited = level.putObject("limited");
        limited.put("nominalConcurrencyShares", shares).put("lendablePercent", lendable);
        ObjectNode response = limited.putObject("limitResponse").put("type", "Queue");
        response.putObject("queuing")
                .put("queues", queues)
                .put("handSize", hand)
                .put("queueLengthLimit", 50);
        return level;
    }

    private static JsonNode schema(String level, int precedence, String by, ObjectNode rule) {
        ObjectNode schema = Json.object().put("matchingPrecedence", precedence);
        schema.putObject("priorityLevelConfiguration").put("name", level);
        if (!by.isEmpty()) {
            schema.putObject("distinguisherMethod").put("type", by);
        }
        schema.putArray("rules").add(rule);
        return schema;
    }

    private static ObjectNode rule(List<ObjectNode> subjects) {
        ObjectNode rule = Json.object();
        subjects.forEach(rule.putArray("subjects")::add);
        return rule;
    }

    private static ObjectNode everything(List<ObjectNode> subjects) {
        ObjectNode rule = rule(subjects);
        resources(rule, List.of(ANY), ANY, ANY).put("clusterScope", true);
        nonResources(rule, List.of(ANY), List.of(ANY));
        return rule;
    }

    private static ObjectNode resources(
            ObjectNode rule, List<String> verbs, String group, String... names) {
        ObjectNode resources = rule.withArrayProperty("resourceRules").addObject();
        verbs.forEach(resources.putArray("verbs")::add);
        resources.putArray("apiGroups").add(group);
        List.of(names).forEach(resources.putArray("resources")::add);
        resources.putArray("namespaces").add(ANY);
        return resources;
    }

    private static void nonResources(ObjectNode rule, List<String> verbs, List<String> paths) {
        ObjectNode urls = rule.withArrayProperty("nonResourceRules").addObject();
        verbs.forEach(urls.putArray("verbs")::add);
        paths.forEach(urls.putArray("nonResourceURLs")::add);
    }

    private static ObjectNode authenticated() {
        return group("system:authenticated");
    }

    private static ObjectNode group(String name) {
        ObjectNode subject = Json.object().put("kind", "Group");
        subject.putObject("group").put("name", name);
        return subject;
    }

    private static ObjectNode user(String name) {
        ObjectNode subject = Json.object().put("kind", "User");
        subject.putObject("user").put("name", name);
        return subject;
    }

    private static ObjectNode accountsOfSystem() {
        ObjectNode subject = Json.object().put("kind", "ServiceAccount");
        subject.putObject("serviceAccount").put("name", ANY).put("namespace", "kube-system");
        return subject;
    }
}
