package io.hypernetes.api.types.networking;

import static io.hypernetes.api.types.kind.Columns.orNone;
import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;
import static io.hypernetes.api.types.kind.Trees.texts;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of the kinds of networking.k8s.io. */
public final class NetworkingColumns {

    private static final int SHOWN_HOSTS = 3;

    public static final List<Column> NETWORK_POLICY =
            List.of(
                    Column.of(
                            "Pod-Selector",
                            policy -> orNone(Selectors.query(at(policy, "spec", "podSelector")))),
                    Columns.age());

    public static final List<Column> INGRESS =
            List.of(
                    Column.of("Class", NetworkingColumns::ingressClass),
                    Column.of("Hosts", NetworkingColumns::hosts),
                    Column.of("Address", NetworkingColumns::address),
                    Column.of(
                            "Ports",
                            ingress -> at(ingress, "spec", "tls").isEmpty() ? "80" : "80, 443"),
                    Columns.age());

    public static final List<Column> INGRESS_CLASS =
            List.of(
                    Columns.text("Controller", "spec", "controller"),
                    Column.of(
                            "Parameters",
                            ingressClass -> parameters(at(ingressClass, "spec", "parameters"))),
                    Columns.age());

    public static final List<Column> IP_ADDRESS =
            List.of(Column.of("ParentRef", address -> parent(at(address, "spec", "parentRef"))));

    public static final List<Column> SERVICE_CIDR =
            List.of(
                    Column.of("CIDRs", cidr -> String.join(",", texts(at(cidr, "spec", "cidrs")))),
                    Columns.age());

    private NetworkingColumns() {}

    private static String ingressClass(ObjectNode ingress) {
        return orNone(text(ingress, "spec", "ingressClassName"));
    }

    private static String hosts(ObjectNode ingress) {
        List<ObjectNode> rules = objects(at(ingress, "spec", "rules"));
        List<String> shown = new ArrayList<>();
        boolean more = false;
        for (ObjectNode rule : rules) {
            // Rules without a host are counted too when there are more than are shown.
            more |= shown.size() == SHOWN_HOSTS;
            if (!more && !text(rule, "host").isEmpty()) {
                shown.add(text(rule, "host"));
            }
        }
        if (shown.isEmpty()) {
            return "*";
        }
        String hosts = String.join(",", shown);
        return more ? hosts + " + " + (rules.size() - SHOWN_HOSTS) + " more..." : hosts;
    }

    private static String address(ObjectNode ingress) {
        return objects(at(ingress, "status", "loadBalancer", "ingress")).stream()
                .map(point -> {
                    String ip = text(point, "ip");
                    return ip.isEmpty() ? text(point, "hostname") : ip;
                })
                .filter(address -> !address.isEmpty())
                .collect(Collectors.joining(","));
    }

    private static String parameters(JsonNode reference) {
        if (!reference.isObject()) {
            return "<none>";
        }
        String group = text(reference, "apiGroup");
        return text(reference, "kind")
                + (group.isEmpty() ? "" : "." + group)
                + "/"
                + text(reference, "name");
    }

    private static String parent(JsonNode reference) {
        if (!reference.isObject()) {
            return "<none>";
        }
        String group = text(reference, "group");
        String namespace = text(reference, "namespace");
        return text(reference, "resource")
                + (group.isEmpty() ? "" : "." + group)
                + "/"
                + (namespace.isEmpty() ? "" : namespace + "/")
                + text(reference, "name");
    }
}
