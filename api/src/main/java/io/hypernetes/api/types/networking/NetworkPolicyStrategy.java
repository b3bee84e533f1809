package io.hypernetes.api.types.networking;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** NetworkPolicies. */
public final class NetworkPolicyStrategy extends KindStrategy {

    private static final List<String> DIRECTIONS = List.of("Ingress", "Egress");

    public NetworkPolicyStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode policy) {
        ObjectNode spec = Trees.child(policy, "spec");
        if (!spec.has("podSelector")) {
            spec.putObject("podSelector");
        }
        for (String direction : List.of("ingress", "egress")) {
            for (ObjectNode rule : Trees.objects(spec.path(direction))) {
                for (ObjectNode port : Trees.objects(rule.path("ports"))) {
                    Trees.setIfAbsent(port, "protocol", "TCP");
                }
            }
        }
        if (spec.path("policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }

    @Override
    protected void rules(Field policy) {
        Field spec = policy.at("spec");
        SelectorRules.check(spec.at("podSelector"));
        for (Field rule : spec.at("ingress").items()) {
            rule(rule, rule.at("from"));
        }
        for (Field rule : spec.at("egress").items()) {
            rule(rule, rule.at("to"));
        }
        Field types = spec.at("policyTypes");
        if (types.items().size() > DIRECTIONS.size()) {
            types.invalid("may not specify more than two policyTypes");
            return;
        }
        types.items().forEach(type -> type.oneOf(DIRECTIONS));
    }

    private static void rule(Field rule, Field peers) {
        rule.at("ports").items().forEach(NetworkPolicyStrategy::port);
        peers.items().forEach(NetworkPolicyStrategy::peer);
    }

    private static void port(Field port) {
        Field protocol = port.at("protocol");
        if (protocol.isSet()) {
            protocol.oneOf("TCP", "UDP", "SCTP");
        }
        Field number = port.at("port");
        Field end = port.at("endPort");
        if (!number.isSet()) {
            if (end.isSet()) {
                end.invalid("may not be specified when `port` is not specified");
            }
        } else if (number.value().isNumber()) {
            number.between(1, 65_535);
            if (end.isSet()) {
                if (end.number() < number.number()) {
                    end.invalid("must be greater than or equal to `port`");
                }
                end.between(1, 65_535);
            }
        } else {
            if (end.isSet()) {
                end.invalid("may not be specified when `port` is non-numeric");
            }
            number.form(Names::portName);
        }
    }

    private static void peer(Field peer) {
        Field pods = peer.at("podSelector");
        Field namespaces = peer.at("namespaceSelector");
        Field block = peer.at("ipBlock");
        SelectorRules.check(pods);
        SelectorRules.check(namespaces);
        boolean bySelector = pods.isSet() || namespaces.isSet();
        if (block.isSet()) {
            block(block);
            if (bySelector) {
                peer.forbidden("may not specify both ipBlock and another peer");
            }
        } else if (!bySelector) {
            peer.tellRequired("must specify a peer");
        }
    }

    private static void block(Field block) {
        Field range = block.at("cidr").required();
        if (!range.isGiven() || !Addresses.range(range.text()).isEmpty()) {
            range.ifGiven().form(Addresses::range);
            return;
        }
        Prefix whole = Prefix.parse(range.text());
        for (Field except : block.at("except").items()) {
            if (!Addresses.range(except.text()).isEmpty()) {
                except.form(Addresses::range);
            } else if (!whole.strictlyContains(Prefix.parse(except.text()))) {
                except.invalid("must be a strict subset of `cidr`");
            }
        }
    }
}
