package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

/** Floating addresses: which one is wanted, and who is reached at it. */
public final class FloatingIpStrategy extends KindStrategy {

    public FloatingIpStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field floating) {
        Field address = floating.at("spec", "address");
        if (!address.text().isEmpty() && !Addresses.isIpv4(address.text())) {
            address.invalid("must be an IPv4 address, for instance 192.0.2.100");
        }
        Field target = floating.at("spec", "target");
        if (target.isGiven()) {
            target.at("kind").required().oneOf("Pod", "Service");
            target.at("name").required();
        }
    }

    @Override
    protected void updateRules(Field floating, Field old) {
        floating.at("spec", "address").immutable(old.at("spec", "address"));
    }
}
