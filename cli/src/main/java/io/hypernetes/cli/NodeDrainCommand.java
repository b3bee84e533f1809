package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code hypernetes node drain}: as kubectl's, of the pods of all tenants. */
@Command(
        name = "drain",
        description =
                "Let no more pods onto a node and evict those of all tenants that are there, as"
                        + " their disruption budgets allow ('kubectl uncordon' ends it).",
        mixinStandardHelpOptions = true)
final class NodeDrainCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofSeconds(1);

    @Mixin private Installation installation = new Installation();

    @Parameters(paramLabel = "NAME", description = "The node.")
    private String node = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to try (default: ${DEFAULT-VALUE}).",
            defaultValue = "600")
    private long seconds = 600;

    @Override
    public Integer call() throws InterruptedException {
        try (RemoteClient client = installation.client()) {
            ObjectNode cordon = Json.object();
            cordon.putObject("spec").put("unschedulable", true);
            client.patch(
                    BuiltinTypes.NODES,
                    new ObjectKey(Tenant.SYSTEM, "", node),
                    new Patch.Merge(cordon),
                    "");
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            while (true) {
                List<TenantObject> left = pods(client);
                if (left.isEmpty()) {
                    System.out.println("node/" + node + " drained");
                    return 0;
                }
                if (System.nanoTime() - end > 0) {
                    throw new CommandException(
                            "%d pods are still on %s, for instance %s"
                                    .formatted(left.size(), node, left.getFirst().key()));
                }
                left.forEach(pod -> evict(client, pod));
                Thread.sleep(POLL);
            }
        }
    }

    /** Without those that come back at once, whatever is done to them. */
    private List<TenantObject> pods(RemoteClient client) {
        Selection here = Selection.EVERYTHING.withFields("spec.nodeName=" + node);
        return client.list(BuiltinTypes.PODS, here).items().stream()
                .filter(pod -> !isDaemon(pod.object()))
                .toList();
    }

    private static boolean isDaemon(ObjectNode pod) {
        for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
            if (owner.path("kind").asString("").equals("DaemonSet")) {
                return true;
            }
        }
        return false;
    }

    private static void evict(RemoteClient client, TenantObject pod) {
        if (Metadata.isBeingDeleted(pod.object())) {
            return;
        }
        ObjectKey key = pod.key();
        ObjectNode eviction = Json.object();
        eviction.put("apiVersion", "policy/v1").put("kind", "Eviction");
        eviction.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
        try {
            client.send(
                    "POST",
                    "/tenants/%s/api/v1/namespaces/%s/pods/%s/eviction"
                            .formatted(key.tenant().name(), key.namespace(), key.name()),
                    Optional.of(eviction),
                    "application/json");
        } catch (ApiException e) {
            // a disruption budget says not yet; or it has gone by itself
            if (!e.is(Reason.TOO_MANY_REQUESTS) && !e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
