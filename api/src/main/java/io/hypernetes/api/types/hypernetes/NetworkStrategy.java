package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Networks: a range in {@code cidr}, one of IPv6 beside it in {@code ipv6}, further ones in {@code
 * subnets}.
 */
public final class NetworkStrategy extends KindStrategy {

    public NetworkStrategy() {
        super(Scope.CLUSTER, Names::dnsLabel);
    }

    @Override
    protected void rules(Field object) {
        ObjectNode network = object.object();
        Errors errors = object.errors();
        JsonNode spec = network.path("spec");
        if (Trees.has(spec, "cidr")) {
            range("spec", spec, Cidr::parse, errors);
        } else if (spec.path("subnets").isEmpty()) {
            errors.required("spec.cidr", "for instance 10.0.0.0/24");
        }
        JsonNode ipv6 = spec.path("ipv6");
        if (!ipv6.isMissingNode()) {
            range("spec.ipv6", ipv6, Cidr::parseIpv6, errors);
            if (Trees.text(spec, "cidr").contains(":")) {
                errors.forbidden("spec.ipv6", "may not be used when spec.cidr is of IPv6 itself");
            }
        }
        String egress = Trees.text(spec, "egress");
        if (!egress.isEmpty()) {
            errors.oneOf("spec.egress", egress, List.of("NAT", "None"));
        }
        for (Map.Entry<String, JsonNode> subnet : spec.path("subnets").properties()) {
            String field = "spec.subnets[" + subnet.getKey() + "]";
            errors.form(field, subnet.getKey(), Names.dnsLabel(subnet.getKey()));
            range(field, subnet.getValue(), Cidr::parse, errors);
        }
    }

    private static void range(
            String field, JsonNode range, Function<String, Cidr> parser, Errors errors) {
        String cidr = Trees.text(range, "cidr");
        String gateway = Trees.text(range, "gateway");
        try {
            Cidr addresses = parser.apply(cidr);
            if (!gateway.isEmpty() && !addresses.hasHost(gateway)) {
                errors.invalidText(
                        field + ".gateway", gateway, "must be a host's address in " + cidr);
            }
        } catch (IllegalArgumentException e) {
            errors.invalidText(field + ".cidr", cidr, String.valueOf(e.getMessage()));
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode network = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        for (String field : new String[] {"cidr", "gateway", "ipv6"}) {
            JsonNode was = old.path("spec").path(field);
            if (!was.isMissingNode()) {
                ObjectMetaValidation.immutable(
                        "spec." + field, network.path("spec").path(field), was, errors);
            }
        }
    }
}
