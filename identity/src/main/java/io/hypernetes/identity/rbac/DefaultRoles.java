package io.hypernetes.identity.rbac;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * The ClusterRoles and ClusterRoleBindings that every cluster has. They live in the system world
 * and are projected into all others.
 */
public final class DefaultRoles {

    /** Marks what is a default, and thereby projected. */
    public static final String LABEL = "kubernetes.io/bootstrapping";

    public static final String LABEL_VALUE = "rbac-defaults";

    /** What a ClusterRole says whose rules are to be part of admin, edit or view. */
    public static final String AGGREGATE_TO = "rbac.authorization.k8s.io/aggregate-to-";

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final List<String> ALL = List.of("*");
    private static final List<String> CORE = List.of("");
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE =
            List.of("create", "delete", "deletecollection", "patch", "update");

    /** What a tenant's people work with, beside Secrets and what runs something by being read. */
    private static final List<String> OBJECTS =
            List.of(
                    "configmaps",
                    "endpoints",
                    "events",
                    "persistentvolumeclaims",
                    "pods",
                    "replicationcontrollers",
                    "replicationcontrollers/scale",
                    "serviceaccounts",
                    "services");

    private static final List<String> SEEN =
            List.of(
                    "bindings",
                    "limitranges",
                    "namespaces",
                    "namespaces/status",
                    "persistentvolumeclaims/status",
                    "pods/log",
                    "pods/status",
                    "replicationcontrollers/status",
                    "resourcequotas",
                    "resourcequotas/status",
                    "services/status");

    private static final List<String> INTO_PODS =
            List.of("pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy");

    private static final List<String> WORKLOAD_GROUPS =
            List.of("apps", "autoscaling", "batch", "policy", "networking.k8s.io");

    private static final List<Rule> VIEW =
            List.of(
                    Rule.resources(CORE, OBJECTS, READ),
                    Rule.resources(CORE, SEEN, READ),
                    Rule.resources(WORKLOAD_GROUPS, ALL, READ),
                    Rule.resources(List.of("metrics.k8s.io"), List.of("pods"), READ),
                    Rule.resources(List.of("coordination.k8s.io"), List.of("leases"), READ));

    private static final List<Rule> EDIT =
            join(
                    VIEW,
                    Rule.resources(CORE, OBJECTS, WRITE),
                    Rule.resources(CORE, List.of("secrets"), READ),
                    Rule.resources(CORE, List.of("secrets"), WRITE),
                    Rule.resources(CORE, List.of("pods/eviction"), List.of("create")),
                    Rule.resources(CORE, INTO_PODS, READ),
                    Rule.resources(CORE, INTO_PODS, WRITE),
                    Rule.resources(CORE, List.of("serviceaccounts"), List.of("impersonate")),
                    Rule.resources(CORE, List.of("serviceaccounts/token"), List.of("create")),
                    Rule.resources(WORKLOAD_GROUPS, ALL, WRITE),
                    Rule.resources(List.of("coordination.k8s.io"), List.of("leases"), WRITE));

    private static final List<Rule> ADMIN =
            join(
                    EDIT,
                    Rule.resources(
                            List.of("authorization.k8s.io"),
                            List.of("localsubjectaccessreviews"),
                            List.of("create")),
                    Rule.resources(List.of(RBAC), List.of("roles", "rolebindings"), READ),
                    Rule.resources(List.of(RBAC), List.of("roles", "rolebindings"), WRITE));

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
        return List.of(
                role("cluster-admin", List.of(everything(), Rule.paths(ALL, ALL))),
                aggregate("admin", ADMIN, ""),
                aggregate("edit", EDIT, "admin"),
                aggregate("view", VIEW, "edit"),
                part("admin", ADMIN),
                part("edit", EDIT),
                part("view", VIEW),
                role(READER, join(VIEW, readerExtras())),
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

    private static Rule[] readerExtras() {
        return new Rule[] {
            Rule.resources(CORE, List.of("persistentvolumes", "nodes"), READ),
            Rule.resources(List.of("storage.k8s.io"), List.of("storageclasses"), READ),
            Rule.resources(List.of("hypernetes.io"), List.of("networks"), READ),
            Rule.resources(
                    List.of("apiextensions.k8s.io"), List.of("customresourcedefinitions"), READ),
            Rule.resources(
                    List.of(RBAC),
                    List.of("roles", "rolebindings", "clusterroles", "clusterrolebindings"),
                    READ)
        };
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
        ObjectNode role = role("system:aggregate-to-" + of, rules);
        role.withObject("metadata").withObject("labels").put(AGGREGATE_TO + of, "true");
        return role;
    }

    private static ObjectNode role(String name, List<Rule> rules) {
        ObjectNode role = object("ClusterRole", name);
        ArrayNode array = role.putArray("rules");
        rules.forEach(rule -> array.add(rule.toTree()));
        return role;
    }

    private static ObjectNode binding(String name, String role, String... groups) {
        ObjectNode binding = object("ClusterRoleBinding", name);
        binding.putObject("roleRef")
                .put("apiGroup", RBAC)
                .put("kind", "ClusterRole")
                .put("name", role);
        ArrayNode subjects = binding.putArray("subjects");
        for (String group : groups) {
            subjects.addObject().put("apiGroup", RBAC).put("kind", "Group").put("name", group);
        }
        return binding;
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = Json.object().put("apiVersion", RBAC + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        metadata.putObject("labels").put(LABEL, LABEL_VALUE);
        metadata.putObject("annotations")
                .put("rbac.authorization.kubernetes.io/autoupdate", "true");
        return object;
    }

    private static List<Rule> join(List<Rule> rules, Rule... more) {
        return java.util.stream.Stream.concat(rules.stream(), java.util.Arrays.stream(more))
                .toList();
    }

    private static List<String> join(List<String> first, List<String> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }
}
