package io.hypernetes.server.usage;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.client.UsageSource.Amount;
import io.hypernetes.api.client.UsageSource.NodeUsage;
import io.hypernetes.api.client.UsageSource.PodUsage;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * {@code metrics.k8s.io/v1beta1}, built in, as a cluster with metrics-server has it. A world that
 * claims the group for an extension server of its own is answered by that one.
 */
public final class UsageRouter implements Router {

    private static final String GROUP = "metrics.k8s.io";
    private static final String VERSION = "v1beta1";

    private final Client client;
    private final UsageSource usages;

    public UsageRouter(Client client, UsageSource usages) {
        this.client = client;
        this.usages = usages;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException {
        if (!info.isResource() || !info.group().equals(GROUP) || !info.version().equals(VERSION)) {
            return false;
        }
        boolean pods = info.resource().equals("pods");
        if ((!pods && !info.resource().equals("nodes")) || !info.subresource().isEmpty()) {
            return false;
        }
        Tenant tenant = session.tenant();
        ObjectNode answer =
                switch (info.verb()) {
                    case "list" -> list(tenant, info, exchange.query().get("labelSelector"));
                    case "get" -> get(tenant, info);
                    default -> throw ResourceHandler.methodNotAllowed();
                };
        exchange.reply(new Answers(Format.JSON, "", false).tree(200, answer));
        return true;
    }

    private ObjectNode list(Tenant tenant, RequestInfo info, String labels) {
        boolean pods = info.resource().equals("pods");
        ObjectNode list = Json.object();
        list.put("kind", pods ? "PodMetricsList" : "NodeMetricsList");
        list.put("apiVersion", GROUP + "/" + VERSION);
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        Selection all = Selection.of(tenant, info.namespace()).withLabels(labels);
        for (TenantObject item :
                client.list(pods ? BuiltinTypes.PODS : BuiltinTypes.NODES, all).items()) {
            (pods ? pod(item.key(), item.object()) : node(item.object())).ifPresent(items::add);
        }
        return list;
    }

    private ObjectNode get(Tenant tenant, RequestInfo info) {
        boolean pods = info.resource().equals("pods");
        ObjectKey key = new ObjectKey(tenant, info.namespace(), info.name());
        Optional<ObjectNode> object =
                client.find(pods ? BuiltinTypes.PODS : BuiltinTypes.NODES, key);
        return object.flatMap(found -> pods ? pod(key, found) : node(found))
                .orElseThrow(() ->
                        ApiException.notFound(
                                new GroupResource(GROUP, info.resource()), info.name()));
    }

    private Optional<ObjectNode> pod(ObjectKey key, ObjectNode pod) {
        if (!pod.path("status").path("phase").asString("").equals("Running")) {
            return Optional.empty();
        }
        return usages.pod(key).map(usage -> describe(pod, usage));
    }

    private static ObjectNode describe(ObjectNode pod, PodUsage usage) {
        ObjectNode metrics = head("PodMetrics", pod, usage.at(), usage.window());
        ArrayNode containers = metrics.putArray("containers");
        usage.containers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(container -> {
                    ObjectNode one = containers.addObject().put("name", container.getKey());
                    amounts(one, container.getValue());
                });
        return metrics;
    }

    private Optional<ObjectNode> node(ObjectNode node) {
        return usages.node(Metadata.name(node)).map(usage -> describe(node, usage));
    }

    private static ObjectNode describe(ObjectNode node, NodeUsage usage) {
        ObjectNode metrics = head("NodeMetrics", node, usage.at(), usage.window());
        amounts(metrics, usage.total());
        return metrics;
    }

    private static ObjectNode head(String kind, ObjectNode object, Instant at, Duration window) {
        String time = at.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode metrics = Json.object();
        metrics.put("kind", kind).put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = metrics.putObject("metadata");
        metadata.put("name", Metadata.name(object));
        if (!Metadata.namespace(object).isEmpty()) {
            metadata.put("namespace", Metadata.namespace(object));
        }
        metadata.put("creationTimestamp", time);
        ObjectNode labels = metadata.putObject("labels");
        Metadata.labels(object).forEach(labels::put);
        metrics.put("timestamp", time);
        metrics.put("window", Math.max(1, window.toSeconds()) + "s");
        return metrics;
    }

    private static void amounts(ObjectNode object, Amount amount) {
        object.putObject("usage")
                .put("cpu", amount.nanoCores() + "n")
                .put("memory", amount.memoryBytes() / 1024 + "Ki");
    }
}
