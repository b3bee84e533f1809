package io.hypernetes.api.types.networking;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** IPAddresses: who has a service address; its name is the address. */
public final class IpAddressStrategy extends KindStrategy {

    public IpAddressStrategy() {
        super(Scope.CLUSTER, Addresses::canonicalAddress);
    }

    @Override
    public JsonNode desired(ObjectNode address) {
        return MissingNode.getInstance();
    }

    @Override
    protected void rules(Field address) {
        Field parent = address.at("spec", "parentRef");
        if (!parent.isSet()) {
            parent.tellRequired("");
            return;
        }
        parent.at("group").ifGiven().form(Names::dnsSubdomain);
        parent.at("resource").required().ifGiven().form(Names::pathSegment);
        parent.at("name").required().ifGiven().form(Names::pathSegment);
        parent.at("namespace").ifGiven().form(Names::pathSegment);
    }

    @Override
    protected void updateRules(Field address, Field old) {
        address.at("spec", "parentRef").immutable(old.at("spec", "parentRef"));
    }
}
