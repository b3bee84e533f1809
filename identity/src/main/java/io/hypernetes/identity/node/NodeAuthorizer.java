package io.hypernetes.identity.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.identity.rbac.Rule;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kubelet ({@code system:node:NAME} in the group {@code system:nodes}) reads those Secrets,
 * ConfigMaps and claims, and gets tokens of those service accounts, that the pods bound to its node
 * use; what else a kubelet does is a fixed set of rules. A node runs pods of all tenants, so it
 * decides in every world: no tenant's credentials carry that group.
 */
public final class NodeAuthorizer implements Authorizer, AutoCloseable {

    /** The ConfigMap in {@code kube-system} that tells nodes about the installation. */
    public static final String CLUSTER = "hypernetes-cluster";

    private static final String PREFIX = "system:node:";
    private static final String GROUP = "system:nodes";
    private static final Set<String> READ = Set.of("get", "list", "watch");

    private final NodePods pods;

    public NodeAuthorizer(ChangeFeed feed) {
        pods = new NodePods(feed);
    }

    public NodeAuthorizer start() {
        pods.start();
        return this;
    }

    public void awaitSynced() throws InterruptedException {
        pods.awaitSynced();
    }

    @Override
    public Decision authorize(Attributes request) {
        Optional<String> node = node(request.user());
        if (node.isEmpty()) {
            return new Decision.NoOpinion("");
        }
        if (request.isResource() && request.group().isEmpty()) {
            switch (request.resource()) {
                case "secrets" -> {
                    return used(node.get(), request, READ);
                }
                case "configmaps" -> {
                    return isOfCluster(request)
                            ? new Decision.Allow("")
                            : used(node.get(), request, READ);
                }
                case "persistentvolumeclaims" -> {
                    boolean status =
                            request.subresource().equals("status")
                                    && Set.of("get", "update", "patch").contains(request.verb());
                    return used(node.get(), request, status ? Set.of(request.verb()) : READ);
                }
                case "serviceaccounts" -> {
                    boolean token = request.subresource().equals("token");
                    return used(node.get(), request, Set.of(token ? "create" : "get"));
                }
                default -> {
                    // a rule says
                }
            }
        }
        if (request.resource().equals("leases")) {
            return lease(node.get(), request);
        }
        return NodeRules.RULES.stream().anyMatch(rule -> rule.allows(request))
                ? new Decision.Allow("")
                : new Decision.NoOpinion("");
    }

    /** What a machine that joins must know. */
    private static boolean isOfCluster(Attributes request) {
        return request.tenant().isSystem()
                && request.verb().equals("get")
                && request.namespace().equals("kube-system")
                && request.name().equals(CLUSTER);
    }

    /** By name alone: a list of all would tell of other nodes' pods. */
    private Decision used(String node, Attributes request, Set<String> verbs) {
        if (!verbs.contains(request.verb())) {
            return new Decision.NoOpinion(
                    "can only "
                            + String.join(", ", verbs.stream().sorted().toList())
                            + " resources of this type");
        }
        if (request.name().isEmpty()) {
            return new Decision.NoOpinion("can only read resources of this type by name");
        }
        NodePods.Used wanted =
                new NodePods.Used(
                        request.tenant(), request.resource(), request.namespace(), request.name());
        return pods.uses(node, wanted)
                ? new Decision.Allow("")
                : new Decision.NoOpinion(
                        "no relationship found between node '" + node + "' and this object");
    }

    /** Its own heartbeat and no other's. */
    private static Decision lease(String node, Attributes request) {
        boolean own =
                request.group().equals("coordination.k8s.io")
                        && request.namespace().equals("kube-node-lease")
                        && Set.of("get", "create", "update", "patch", "delete")
                                .contains(request.verb())
                        && (request.name().equals(node)
                                || (request.verb().equals("create") && request.name().isEmpty()));
        return own
                ? new Decision.Allow("")
                : new Decision.NoOpinion("can only access node lease with the same name");
    }

    private static Optional<String> node(UserInfo user) {
        return user.name().startsWith(PREFIX) && user.in(GROUP)
                ? Optional.of(user.name().substring(PREFIX.length()))
                : Optional.empty();
    }

    @Override
    public RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        if (node(user).isEmpty()) {
            return new RuleList(List.of(), List.of(), false);
        }
        List<ObjectNode> rules = NodeRules.RULES.stream().map(Rule::toTree).toList();
        return new RuleList(rules, List.of(), true);
    }

    @Override
    public void close() {
        pods.close();
    }
}
