package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.AffinityRules;
import io.hypernetes.api.types.kind.ConditionRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ResourceClaims: devices that are asked for, and given by a scheduler through the status. */
public final class ClaimStrategy extends KindStrategy {

    private static final int MAX_RESERVATIONS = 256;
    private static final int MAX_CONDITIONS = 8;
    private static final int MAX_ADDRESSES = 16;
    private static final int MAX_INTERFACE = 256;
    private static final int MAX_HARDWARE_ADDRESS = 128;

    public ClaimStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode claim) {
        DeviceRequestRules.applyDefaults(Trees.child(claim, "spec"));
    }

    @Override
    public void prepareForCreate(ObjectNode claim) {
        claim.putObject("status");
    }

    /** What is told of devices goes with them. */
    @Override
    public void prepareForStatusUpdate(ObjectNode claim, ObjectNode old) {
        super.prepareForStatusUpdate(claim, old);
        Set<String> gone = allocated(old);
        gone.removeAll(allocated(claim));
        if (!gone.isEmpty() && claim.at("/status/devices") instanceof ArrayNode devices) {
            devices.removeIf(device -> gone.contains(id(device)));
            if (devices.isEmpty()) {
                Trees.child(claim, "status").remove("devices");
            }
        }
    }

    private static Set<String> allocated(ObjectNode claim) {
        Set<String> ids = new HashSet<>();
        claim.at("/status/allocation/devices/results").forEach(result -> ids.add(id(result)));
        return ids;
    }

    @Override
    public JsonNode desired(ObjectNode claim) {
        return MissingNode.getInstance();
    }

    /** The spec never changes: an update is told that alone. */
    @Override
    protected void createRules(Field claim) {
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
            allocation(allocation, requests);
        }
    }

    private static void allocation(Field allocation, Map<String, Set<String>> requests) {
        Field results = allocation.at("devices", "results");
        for (Field result : DeviceRequestRules.atMost(results, DeviceRequestRules.MAX_REQUESTS)) {
            DeviceRequestRules.reference(result.at("request"), requests);
            device(result);
            BindingConditionRules.check(result);
            result.at("tolerations").items().forEach(DeviceTaintRules::toleration);
            DeviceNames.uid(result.at("shareID"));
        }
        configurations(allocation.at("devices", "config"), requests);
        if (allocation.at("nodeSelector").isSet()) {
            AffinityRules.nodeSelector(allocation.at("nodeSelector"));
        }
    }

    private static void reservations(Field claim, Field old) {
        Field reserved = claim.at("status", "reservedFor");
        List<Field> consumers =
                DeviceRequestRules.distinctItems(
                        reserved, MAX_RESERVATIONS, consumer -> consumer.at("uid").text());
        for (Field consumer : consumers) {
            consumer.at("resource").required();
            consumer.at("name").required();
            consumer.at("uid").required();
        }
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

    /** A device that several claims share is one for each of its shares. */
    private static String id(JsonNode device) {
        String id =
                device.path("driver").asString("")
                        + "/"
                        + device.path("pool").asString("")
                        + "/"
                        + device.path("device").asString("");
        String share = device.path("shareID").asString("");
        return share.isEmpty() ? id : id + "/" + share;
    }

    private static String id(Field device) {
        return id(device.value());
    }

    private static void devices(Field devices, Field allocation) {
        Set<String> allocated = new HashSet<>();
        allocation.at("devices", "results").items().forEach(result -> allocated.add(id(result)));
        for (Field device :
                DeviceRequestRules.distinctItems(devices, Integer.MAX_VALUE, ClaimStrategy::id)) {
            device(device);
            DeviceNames.uid(device.at("shareID"));
            if (!allocated.contains(id(device))) {
                device.invalid(id(device), "must be an allocated device in the claim");
            }
            Field conditions = device.at("conditions");
            DeviceRequestRules.atMost(conditions, MAX_CONDITIONS);
            ConditionRules.check(conditions);
            DeviceRequestRules.data(device.at("data"));
            network(device.at("networkData"));
        }
    }

    private static void network(Field data) {
        longest(data.at("interfaceName"), MAX_INTERFACE);
        longest(data.at("hardwareAddress"), MAX_HARDWARE_ADDRESS);
        for (Field address :
                DeviceRequestRules.distinctItems(data.at("ips"), MAX_ADDRESSES, Field::text)) {
            Addresses.interfaceAddress(address.text())
                    .forEach(wrong -> address.invalid(address.text(), wrong));
        }
    }

    private static void longest(Field text, int bytes) {
        if (text.text().length() > bytes) {
            text.tooLong(bytes);
        }
    }

    private static void configurations(Field configs, Map<String, Set<String>> requests) {
        for (Field config :
                DeviceRequestRules.atMost(configs, 2 * DeviceRequestRules.MAX_CONFIGS)) {
            Field source = config.at("source");
            if (source.isGiven()) {
                source.oneOf("FromClaim", "FromClass");
            } else {
                source.tellRequired("");
            }
            DeviceRequestRules.references(config.at("requests"), requests);
            DeviceRequestRules.configuration(config);
        }
    }
}
