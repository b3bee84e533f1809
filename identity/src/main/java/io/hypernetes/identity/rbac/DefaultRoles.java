package io.hypernetes.identity.rbac;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ClusterRoles and ClusterRoleBindings for people that every cluster has, upstream's of 1.36
 * (components have {@link ComponentRoles}). They live in the system world and are projected into
 * all others.
 */
public final class DefaultRoles {

    /** Marks what is a default, and thereby projected. */
    public static final String LABEL = "kubernetes.io/bootstrapping";

    public static final String LABEL_VALUE = "rbac-defaults";

    /** What an operator sets to {@code false} for a default that is to stay as it is. */
    public static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    /** What a ClusterRole says whose rules are to be part of admin, edit or view. */
    public static final String AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";

    private static final String PART = "system:aggregate-to-";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final List<String> ALL = List.of("*");

    private static final List<String> DISCOVERY =
            List.of("/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*");

    private static final List<String> PUBLIC =
            List.of("/healthz", "/livez", "/readyz", "/version", "/version/");

    /**
     * In every world {@code reader} members see what {@code view} sees, and the world's own
     * cluster-scoped objects.
     */
    public static final String READER = "hypernetes:reader";

    private DefaultRoles() {}

    public static List<ObjectNode> clusterRoles() {
        Map<String, List<Rule>> table =
                RoleTable.read("people-roles.txt").stream()
                        .collect(Collectors.toMap(RoleTable::name, RoleTable::rules));
        List<Rule> view = rules(table, PART + "view");
        List<Rule> edit = joined(rules(table, PART + "edit"), view);
        List<Rule> admin = joined(rules(table, PART + "admin"), edit);
        return List.of(
                role("cluster-admin", List.of(everything(), Rule.paths(ALL, ALL))),
                aggregate("admin", admin, ""),
                aggregate("edit", edit, "admin"),
                aggregate("view", view, "edit"),
                part("admin", rules(table, PART + "admin")),
                part("edit", rules(table, PART + "edit")),
                part("view", view),
                role(READER, joined(view, rules(table, READER))),
                role(
                        "system:discovery",
                        List.of(Rule.paths(join(DISCOVERY, PUBLIC), List.of("get")))),
                role("system:public-info-viewer", List.of(Rule.paths(PUBLIC, List.of("get")))),
                role("system:basic-user", List.of(reviews(), selfReview())),
                role("system:monitoring", List.of(Rule.paths(monitoring(), List.of("get")))),
                role(
                        "system:service-account-issuer-discovery",
                        List.of(
                                Rule.paths(
                                        List.of(
                                                "/.well-known/openid-configuration",
                                                "/.well-known/openid-configuration/",
                                                "/openid/v1/jwks",
                                                "/openid/v1/jwks/"),
                                        List.of("get")))));
    }

    public static List<ObjectNode> clusterRoleBindings() {
        return List.of(
                binding("cluster-admin", "cluster-admin", "system:masters"),
                binding("system:discovery", "system:discovery", "system:authenticated"),
                binding("system:basic-user", "system:basic-user", "system:authenticated"),
                binding(
                        "system:public-info-viewer",
                        "system:public-info-viewer",
                        "system:authenticated",
                        "system:unauthenticated"),
                binding("system:monitoring", "system:monitoring", "system:monitoring"),
                binding(
                        "system:service-account-issuer-discovery",
                        "system:service-account-issuer-discovery",
                        "system:serviceaccounts"));
    }

    private static List<Rule> rules(Map<String, List<Rule>> table, String role) {
        return Objects.requireNonNull(table.get(role), role);
    }

    private static Rule everything() {
        return Rule.resources(ALL, ALL, ALL);
    }

    private static Rule reviews() {
        return Rule.resources(
                List.of("authorization.k8s.io"),
                List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
                List.of("create"));
    }

    private static Rule selfReview() {
        return Rule.resources(
                List.of("authentication.k8s.io"), List.of("selfsubjectreviews"), List.of("create"));
    }

    private static List<String> monitoring() {
        return List.of(
                "/healthz",
                "/healthz/*",
                "/livez",
                "/livez/*",
                "/metrics",
                "/metrics/slis",
                "/readyz",
                "/readyz/*");
    }

    /** A role that is made of all roles with its label. */
    private static ObjectNode aggregate(String name, List<Rule> rules, String partOf) {
        ObjectNode role = role(name, rules);
        if (!partOf.isEmpty()) {
            role.withObject("metadata").withObject("labels").put(AGGREGATE_TO + partOf, "true");
        }
        role.putObject("aggregationRule")
                .putArray("clusterRoleSelectors")
                .addObject()
                .putObject("matchLabels")
                .put(AGGREGATE_TO + name, "true");
        return role;
    }

    private static ObjectNode part(String of, List<Rule> rules) {
        ObjectNode role = role(PART + of, rules);
        role.withObject("metadata").withObject("labels").put(AGGREGATE_TO + of, "true");
        return role;
    }

    private static ObjectNode role(String name, List<Rule> rules) {
        return role("ClusterRole", name, rules);
    }

    static ObjectNode role(String kind, String name, List<Rule> rules) {
        ObjectNode role = object(kind, name);
        ArrayNode array = role.putArray("rules");
        rules.forEach(rule -> array.add(rule.toTree()));
        return role;
    }

    private static ObjectNode binding(String name, String role, String... groups) {
        ObjectNode binding = object("ClusterRoleBinding", name);
        refer(binding, "ClusterRole", role);
        ArrayNode subjects = binding.putArray("subjects");
        for (String group : groups) {
            subject(subjects, "Group", group);
        }
        return binding;
    }

    static void refer(ObjectNode binding, String kind, String role) {
        binding.putObject("roleRef").put("apiGroup", RBAC).put("kind", kind).put("name", role);
    }

    static void subject(ArrayNode subjects, String kind, String name) {
        subjects.addObject().put("apiGroup", RBAC).put("kind", kind).put("name", name);
    }

    static ObjectNode object(String kind, String name) {
        ObjectNode object = Json.object().put("apiVersion", RBAC + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        metadata.putObject("labels").put(LABEL, LABEL_VALUE);
        metadata.putObject("annotations").put(AUTO_UPDATE, "true");
        return object;
    }

    private static List<Rule> joined(List<Rule> rules, List<Rule> more) {
        return Stream.concat(rules.stream(), more.stream()).toList();
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
