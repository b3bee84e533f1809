package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** ResourceSlices: the devices that a driver offers. */
public final class ResourceSliceStrategy extends KindStrategy {

    private static final int MAX_DEVICES = 128;
    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_VALUE = 64;
    private static final String WHERE =
            "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is"
                    + " required";

    /** semver.org, 2.0.0. */
    private static final Pattern VERSION =
            Pattern.compile(
                    "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9a-zA-Z.-]+)?(\\+[0-9a-zA-Z.-]+)?");

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
        devices.items().forEach(ResourceSliceStrategy::device);
        DeviceRequestRules.atMost(devices, MAX_DEVICES);
        DeviceRequestRules.distinctNames(devices);
    }

    private static void where(Field spec) {
        List<String> given = new ArrayList<>();
        if (spec.at("nodeName").isGiven()) {
            given.add("`nodeName`");
            spec.at("nodeName").form(Names::dnsSubdomain);
        }
        Field selector = spec.at("nodeSelector");
        if (selector.isSet()) {
            given.add("`nodeSelector`");
            if (selector.at("nodeSelectorTerms").items().size() != 1) {
                selector.at("nodeSelectorTerms")
                        .invalid("must have exactly one node selector term");
            }
        }
        for (String flag : List.of("allNodes", "perDeviceNodeSelection")) {
            if (spec.at(flag).flag()) {
                given.add("`" + flag + "`");
            }
        }
        if (given.isEmpty()) {
            spec.tellRequired(WHERE);
        } else if (given.size() > 1) {
            spec.invalid(
                    "{" + String.join(", ", given) + "}", WHERE + ", but multiple fields are set");
        }
    }

    private static void device(Field device) {
        device.at("name").form(Names::dnsLabel);
        Field attributes = device.at("attributes");
        for (String name : attributes.keys()) {
            DeviceNames.attribute(attributes.key(name), name);
            attribute(attributes.key(name));
        }
        Field capacity = device.at("capacity");
        for (String name : capacity.keys()) {
            DeviceNames.attribute(capacity.key(name), name);
        }
        int count = attributes.keys().size() + capacity.keys().size();
        if (count > MAX_ATTRIBUTES) {
            device.invalid(
                    (long) count,
                    "the total number of attributes and capacities must not exceed "
                            + MAX_ATTRIBUTES);
        }
        device.at("taints").items().forEach(DeviceTaintRules::taint);
    }

    private static void attribute(Field attribute) {
        Field text = attribute.at("string");
        Field version = attribute.at("version");
        long values =
                List.of("bool", "int", "string", "version").stream()
                        .filter(name -> attribute.at(name).isSet())
                        .count();
        tooLong(text);
        if (version.isSet() && !VERSION.matcher(version.text()).matches()) {
            version.invalid("must be a string compatible with semver.org spec 2.0.0");
        }
        tooLong(version);
        if (values == 0) {
            attribute.tellRequired("exactly one value must be specified");
        } else if (values > 1) {
            attribute.invalid("exactly one value must be specified");
        }
    }

    private static void tooLong(Field value) {
        if (value.text().length() > MAX_VALUE) {
            value.tooLong(MAX_VALUE);
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
