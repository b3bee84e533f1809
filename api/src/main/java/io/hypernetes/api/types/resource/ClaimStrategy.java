package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ResourceClaims: devices that are asked for, and given by a scheduler through the status. */
public final class ClaimStrategy extends KindStrategy {

    private static final int MAX_RESERVATIONS = 256;

    public ClaimStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode claim) {
        DeviceRequestRules.applyDefaults(Trees.child(claim, "spec"));
    }

    @Override
    public JsonNode desired(ObjectNode claim) {
        return MissingNode.getInstance();
    }

    @Override
    protected void rules(Field claim) {
        DeviceRequestRules.check(claim.at("spec", "devices"));
    }

    @Override
    protected void updateRules(Field claim, Field old) {
        claim.at("spec").immutable(old.at("spec"));
    }

    @Override
    protected void statusRules(Field claim, Field old) {
        Field status = claim.at("status");
        Map<String, Set<String>> requests = DeviceRequestRules.names(claim.at("spec", "devices"));
        reservations(claim, old);
        Field allocation = status.at("allocation");
        Field before = old.at("status", "allocation");
        devices(status.at("devices"), allocation);
        if (allocation.isSet() && before.isSet()) {
            allocation.immutable(before);
        } else if (allocation.isSet()) {
            for (Field result : allocation.at("devices", "results").items()) {
                DeviceRequestRules.reference(result.at("request"), requests);
                device(result);
            }
            DeviceRequestRules.atMost(
                    allocation.at("devices", "results"), DeviceRequestRules.MAX_REQUESTS);
            configurations(allocation.at("devices", "config"), requests);
        }
    }

    private static void reservations(Field claim, Field old) {
        Field reserved = claim.at("status", "reservedFor");
        for (Field consumer : reserved.items()) {
            consumer.at("resource").required();
            consumer.at("name").required();
            consumer.at("uid").required();
        }
        DeviceRequestRules.atMost(reserved, MAX_RESERVATIONS);
        reserved.distinct("uid");
        if (!reserved.isGiven()) {
            return;
        }
        if (!claim.at("status", "allocation").isSet()) {
            reserved.forbidden("may not be specified when `allocated` is not set");
        } else if (claim.at("metadata", "deletionTimestamp").isSet()) {
            List<JsonNode> before =
                    old.at("status", "reservedFor").items().stream().map(Field::value).toList();
            if (reserved.items().stream().anyMatch(item -> !before.contains(item.value()))) {
                reserved.forbidden(
                        "new entries may not be added while `deallocationRequested` or"
                                + " `deletionTimestamp` are set");
            }
        }
    }

    private static void device(Field device) {
        DeviceNames.driver(device.at("driver"));
        DeviceNames.pool(device.at("pool"));
        device.at("device").form(Names::dnsLabel);
    }

    private static String id(Field device) {
        return device.at("driver").text()
                + "/"
                + device.at("pool").text()
                + "/"
                + device.at("device").text();
    }

    private static void devices(Field devices, Field allocation) {
        Set<String> allocated = new HashSet<>();
        allocation.at("devices", "results").items().forEach(result -> allocated.add(id(result)));
        Set<String> seen = new HashSet<>();
        for (Field device : devices.items()) {
            device(device);
            if (!allocated.contains(id(device))) {
                device.invalid(id(device), "must be an allocated device in the claim");
            }
            if (!seen.add(id(device))) {
                device.at("deviceID").duplicate(id(device));
            }
        }
    }

    private static void configurations(Field configs, Map<String, Set<String>> requests) {
        for (Field config : configs.items()) {
            Field source = config.at("source");
            if (source.isGiven()) {
                source.oneOf("FromClaim", "FromClass");
            } else {
                source.tellRequired("");
            }
            DeviceRequestRules.references(config.at("requests"), requests);
            DeviceRequestRules.configuration(config);
        }
        DeviceRequestRules.atMost(configs, 2 * DeviceRequestRules.MAX_CONFIGS);
    }
}
