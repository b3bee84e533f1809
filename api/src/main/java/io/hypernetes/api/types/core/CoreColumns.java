package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Columns.orNone;
import static io.hypernetes.api.types.kind.Columns.size;
import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code kubectl get} shows of the core kinds other than pods and volumes. */
public final class CoreColumns {

    private static final String ROLE_LABEL = "node-role.kubernetes.io/";
    private static final String OLD_ROLE_LABEL = "kubernetes.io/role";
    private static final int SHOWN_ENDPOINTS = 3;

    public static final List<Column> NAMESPACE =
            List.of(Columns.text("Status", "status", "phase"), Columns.age());

    public static final List<Column> NODE =
            List.of(
                    Column.of("Status", CoreColumns::nodeStatus),
                    Column.of("Roles", CoreColumns::nodeRoles),
                    Columns.age(),
                    Columns.text("Version", "status", "nodeInfo", "kubeletVersion"),
                    Column.wide("Internal-IP", node -> nodeAddress(node, "InternalIP")),
                    Column.wide("External-IP", node -> nodeAddress(node, "ExternalIP")),
                    nodeInfo("OS-Image", "osImage"),
                    nodeInfo("Kernel-Version", "kernelVersion"),
                    nodeInfo("Container-Runtime", "containerRuntimeVersion"));

    public static final List<Column> CONFIG_MAP =
            List.of(
                    Columns.number("Data", o -> size(o.path("data")) + size(o.path("binaryData"))),
                    Columns.age());

    public static final List<Column> SECRET =
            List.of(
                    Columns.text("Type", "type"),
                    Columns.number("Data", o -> size(o.path("data"))),
                    Columns.age());

    public static final List<Column> SERVICE_ACCOUNT = List.of(Columns.age());

    public static final List<Column> EVENT =
            List.of(
                    Column.of("Last Seen", event -> Ages.since(lastSeen(event))),
                    Columns.text("Type", "type"),
                    Columns.text("Reason", "reason"),
                    Column.of("Object", CoreColumns::eventObject),
                    new Column(
                            "Subobject",
                            "string",
                            "",
                            "",
                            1,
                            event -> text(event, "involvedObject", "fieldPath")),
                    Column.wide("Source", CoreColumns::eventSource),
                    Column.of("Message", event -> text(event, "message").strip()),
                    Column.wide("First Seen", event -> Ages.since(firstSeen(event))),
                    Column.wide("Count", CoreColumns::eventCount),
                    new Column("Name", "string", "name", "", 1, Columns.name().cell()));

    public static final List<Column> SERVICE =
            List.of(
                    Columns.text("Type", "spec", "type"),
                    Column.of("Cluster-IP", o -> orNone(text(o, "spec", "clusterIP"))),
                    Column.of("External-IP", CoreColumns::externalAddress),
                    Column.of("Port(s)", CoreColumns::ports),
                    Columns.age(),
                    Column.wide("Selector", o -> labels(at(o, "spec", "selector"))));

    public static final List<Column> ENDPOINTS =
            List.of(Column.of("Endpoints", CoreColumns::endpoints), Columns.age());

    public static final List<Column> LEASE =
            List.of(Columns.text("Holder", "spec", "holderIdentity"), Columns.age());

    private CoreColumns() {}

    private static String nodeStatus(ObjectNode node) {
        String ready =
                objects(at(node, "status", "conditions")).stream()
                        .filter(c -> text(c, "type").equals("Ready"))
                        .map(c -> text(c, "status").equals("True") ? "Ready" : "NotReady")
                        .findFirst()
                        .orElse("Unknown");
        boolean cordoned = at(node, "spec", "unschedulable").asBoolean(false);
        return cordoned ? ready + ",SchedulingDisabled" : ready;
    }

    private static String nodeRoles(ObjectNode node) {
        List<String> roles = new ArrayList<>();
        at(node, "metadata", "labels")
                .properties()
                .forEach(label -> {
                    String key = label.getKey();
                    if (key.startsWith(ROLE_LABEL) && key.length() > ROLE_LABEL.length()) {
                        roles.add(key.substring(ROLE_LABEL.length()));
                    } else if (key.equals(OLD_ROLE_LABEL)) {
                        roles.add(label.getValue().asString(""));
                    }
                });
        return orNone(
                roles.stream()
                        .filter(role -> !role.isEmpty())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(",")));
    }

    private static String nodeAddress(ObjectNode node, String type) {
        return objects(at(node, "status", "addresses")).stream()
                .filter(address -> text(address, "type").equals(type))
                .map(address -> text(address, "address"))
                .findFirst()
                .orElse("<none>");
    }

    private static Column nodeInfo(String name, String field) {
        return Column.wide(
                name,
                node -> {
                    String value = text(node, "status", "nodeInfo", field);
                    return value.isEmpty() ? "<unknown>" : value;
                });
    }

    private static String firstSeen(ObjectNode event) {
        String first = text(event, "firstTimestamp");
        return first.isEmpty() ? text(event, "eventTime") : first;
    }

    private static String lastSeen(ObjectNode event) {
        String series = text(event, "series", "lastObservedTime");
        String last = text(event, "lastTimestamp");
        return !series.isEmpty() ? series : last.isEmpty() ? firstSeen(event) : last;
    }

    private static long eventCount(ObjectNode event) {
        if (event.path("series").isObject()) {
            return at(event, "series", "count").asLong(0);
        }
        // An event that happened once has no count in the newer group.
        return Math.max(1, event.path("count").asLong(0));
    }

    private static String eventObject(ObjectNode event) {
        String kind = text(event, "involvedObject", "kind").toLowerCase(java.util.Locale.ROOT);
        String name = text(event, "involvedObject", "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String eventSource(ObjectNode event) {
        String component = text(event, "source", "component");
        String host = text(event, "source", "host");
        if (component.isEmpty()) {
            component = text(event, "reportingComponent");
        }
        if (host.isEmpty()) {
            host = text(event, "reportingInstance");
        }
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String externalAddress(ObjectNode service) {
        List<String> addresses = Trees.texts(at(service, "spec", "externalIPs"));
        return switch (text(service, "spec", "type")) {
            case "ExternalName" -> text(service, "spec", "externalName");
            case "LoadBalancer" -> {
                String all =
                        Stream.concat(balancers(service), addresses.stream())
                                .collect(Collectors.joining(","));
                yield all.isEmpty() ? "<pending>" : all;
            }
            default -> orNone(String.join(",", addresses));
        };
    }

    private static Stream<String> balancers(ObjectNode service) {
        return objects(at(service, "status", "loadBalancer", "ingress")).stream()
                .map(ingress ->
                        text(ingress, "ip").isEmpty()
                                ? text(ingress, "hostname")
                                : text(ingress, "ip"))
                .filter(address -> !address.isEmpty())
                .distinct()
                .sorted();
    }

    private static String ports(ObjectNode service) {
        return orNone(
                objects(at(service, "spec", "ports")).stream()
                        .map(CoreColumns::port)
                        .collect(Collectors.joining(",")));
    }

    private static String port(ObjectNode port) {
        int nodePort = at(port, "nodePort").asInt(0);
        return at(port, "port").asInt(0)
                + (nodePort == 0 ? "" : ":" + nodePort)
                + "/"
                + text(port, "protocol");
    }

    private static String endpoints(ObjectNode endpoints) {
        List<ObjectNode> subsets = objects(endpoints.path("subsets"));
        if (subsets.isEmpty()) {
            return "<none>";
        }
        List<String> addresses = new ArrayList<>();
        for (ObjectNode subset : subsets) {
            List<String> ips =
                    objects(subset.path("addresses")).stream().map(a -> text(a, "ip")).toList();
            List<ObjectNode> ports = objects(subset.path("ports"));
            if (ports.isEmpty()) {
                addresses.addAll(ips);
            }
            for (ObjectNode port : ports) {
                ips.forEach(ip -> addresses.add(ip + ":" + at(port, "port").asInt(0)));
            }
        }
        String text = addresses.stream().limit(SHOWN_ENDPOINTS).collect(Collectors.joining(","));
        int more = addresses.size() - SHOWN_ENDPOINTS;
        return more > 0 ? text + " + " + more + " more..." : text;
    }

    /** {@code a=b,c=d}. */
    static String labels(JsonNode labels) {
        return orNone(
                labels.properties().stream()
                        .map(label -> label.getKey() + "=" + label.getValue().asString(""))
                        .sorted()
                        .collect(Collectors.joining(",")));
    }
}
