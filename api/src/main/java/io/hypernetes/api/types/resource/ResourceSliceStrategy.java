package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.AffinityRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import java.util.ArrayList;
import java.util.List;

/** ResourceSlices: the devices that a driver offers. */
public final class ResourceSliceStrategy extends KindStrategy {

    private static final int MAX_DEVICES = 128;
    private static final int MAX_ADVANCED_DEVICES = 64;
    private static final int MAX_COUNTER_SETS = 8;
    private static final String WHERE =
            "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is"
                    + " required";

    public ResourceSliceStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.nodeName", "spec.driver");
    }

    @Override
    protected void rules(Field slice) {
        Field spec = slice.at("spec");
        DeviceNames.driver(spec.at("driver"));
        Field pool = spec.at("pool");
        DeviceNames.pool(pool.at("name"));
        if (pool.at("resourceSliceCount").number() <= 0) {
            pool.at("resourceSliceCount")
                    .invalid(pool.at("resourceSliceCount").number(), "must be greater than zero");
        }
        if (pool.at("generation").number() < 0) {
            pool.at("generation").invalid("must be greater than or equal to zero");
        }
        where(spec);
        Field devices = spec.at("devices");
        Field counters = spec.at("sharedCounters");
        if (counters.isSet() && devices.isSet()) {
            spec.invalid("", "only one of `sharedCounters` or `devices` is allowed");
        }
        boolean each = spec.at("perDeviceNodeSelection").flag();
        int most =
                devices.items().stream().anyMatch(DeviceRules::isAdvanced)
                        ? MAX_ADVANCED_DEVICES
                        : MAX_DEVICES;
        DeviceRequestRules.namedItems(devices, most)
                .forEach(device -> DeviceRules.check(device, each));
        DeviceRequestRules.namedItems(counters, MAX_COUNTER_SETS)
                .forEach(set -> CounterRules.check(set, "name"));
    }

    private static void where(Field spec) {
        List<String> given = new ArrayList<>();
        Field node = spec.at("nodeName");
        if (node.isGiven()) {
            given.add("`nodeName`");
            node.form(Names::dnsSubdomain);
        } else if (node.isSet()) {
            node.invalid("must be either unset or set to a non-empty string");
        }
        Field selector = spec.at("nodeSelector");
        if (selector.isSet()) {
            given.add("`nodeSelector`");
            AffinityRules.nodeSelector(selector);
            if (selector.at("nodeSelectorTerms").items().size() != 1) {
                selector.at("nodeSelectorTerms")
                        .invalid("must have exactly one node selector term");
            }
        }
        for (String flag : List.of("allNodes", "perDeviceNodeSelection")) {
            if (spec.at(flag).flag()) {
                given.add("`" + flag + "`");
            } else if (spec.at(flag).isSet()) {
                spec.at(flag).invalid("must be either unset or set to true");
            }
        }
        if (given.isEmpty()) {
            spec.tellRequired(WHERE);
        } else if (given.size() > 1) {
            spec.invalid(
                    "{" + String.join(", ", given) + "}", WHERE + ", but multiple fields are set");
        }
    }

    @Override
    protected void updateRules(Field slice, Field old) {
        for (String[] path :
                List.of(
                        new String[] {"spec", "pool", "name"},
                        new String[] {"spec", "driver"},
                        new String[] {"spec", "nodeName"})) {
            slice.at(path).immutable(old.at(path));
        }
    }
}
