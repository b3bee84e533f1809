package io.hypernetes.identity.node;

import io.hypernetes.identity.rbac.Rule;

import java.util.List;

/** What every kubelet may, whatever runs on it. */
final class NodeRules {

    private static final List<String> CORE = List.of("");
    private static final List<String> READ = List.of("get", "list", "watch");

    static final List<Rule> RULES =
            List.of(
                    rule("authentication.k8s.io", "tokenreviews", "create"),
                    rule("authorization.k8s.io", "subjectaccessreviews", "create"),
                    rule("authorization.k8s.io", "localsubjectaccessreviews", "create"),
                    Rule.resources(CORE, List.of("services"), READ),
                    Rule.resources(
                            CORE, List.of("nodes"), List.of("create", "get", "list", "watch")),
                    Rule.resources(
                            CORE, List.of("nodes", "nodes/status"), List.of("update", "patch")),
                    Rule.resources(CORE, List.of("events"), List.of("create", "update", "patch")),
                    Rule.resources(CORE, List.of("pods"), READ),
                    Rule.resources(CORE, List.of("pods"), List.of("create", "delete")),
                    Rule.resources(CORE, List.of("pods/status"), List.of("update", "patch")),
                    rule("", "pods/eviction", "create"),
                    Rule.resources(CORE, List.of("persistentvolumes"), List.of("get")),
                    Rule.resources(CORE, List.of("endpoints"), List.of("get")),
                    Rule.resources(
                            List.of("certificates.k8s.io"),
                            List.of("certificatesigningrequests"),
                            List.of("create", "get", "list", "watch")),
                    Rule.resources(
                            List.of("storage.k8s.io"),
                            List.of("volumeattachments"),
                            List.of("get")),
                    Rule.resources(List.of("storage.k8s.io"), List.of("csidrivers"), READ),
                    Rule.resources(
                            List.of("storage.k8s.io"),
                            List.of("csinodes"),
                            List.of("create", "get", "update", "patch", "delete")),
                    Rule.resources(List.of("node.k8s.io"), List.of("runtimeclasses"), READ),
                    // what the networks of a machine's pods are made of: names, services, policies
                    Rule.resources(CORE, List.of("namespaces"), READ),
                    Rule.resources(List.of("discovery.k8s.io"), List.of("endpointslices"), READ),
                    Rule.resources(List.of("networking.k8s.io"), List.of("networkpolicies"), READ),
                    Rule.resources(List.of("hypernetes.io"), List.of("networks", "tenants"), READ));

    private NodeRules() {}

    private static Rule rule(String group, String resource, String verb) {
        return Rule.resources(List.of(group), List.of(resource), List.of(verb));
    }
}
