package io.hypernetes.api.types.resource;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.AffinityRules;
import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for one device of a ResourceSlice. */
final class DeviceRules {

    private static final int MAX_ATTRIBUTES = 32;
    private static final int MAX_TAINTS = 16;
    private static final int MAX_VALUE = 64;
    private static final int MAX_CONSUMPTIONS = 2;
    private static final List<String> LISTS = List.of("bools", "ints", "strings", "versions");
    private static final String WHERE =
            "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when"
                    + " `perDeviceNodeSelection` is set to true in the ResourceSlice spec";

    /** semver.org, 2.0.0. */
    private static final Pattern VERSION =
            Pattern.compile(
                    "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
                            + "(-(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)"
                            + "(\\.(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
                            + "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?");

    private DeviceRules() {}

    /** Whether it has what makes devices large, so that a slice may have fewer of them. */
    static boolean isAdvanced(Field device) {
        Field attributes = device.at("attributes");
        return device.at("taints").isGiven()
                || device.at("consumesCounters").isGiven()
                || attributes.keys().stream()
                        .anyMatch(name ->
                                LISTS.stream()
                                        .anyMatch(list -> attributes.key(name).at(list).isSet()));
    }

    /**
     * @param each each device says on which nodes it is
     */
    static void check(Field device, boolean each) {
        device.at("name").form(Names::dnsLabel);
        Field attributes = device.at("attributes");
        Field capacity = device.at("capacity");
        int count = attributes.keys().size() + capacity.keys().size();
        if (count > MAX_ATTRIBUTES) {
            device.invalid(
                    (long) count,
                    "the total number of attributes and capacities must not exceed "
                            + MAX_ATTRIBUTES);
        }
        for (String name : attributes.keys()) {
            DeviceNames.attribute(attributes, name);
            attribute(attributes.key(name));
        }
        boolean shared = device.at("allowMultipleAllocations").flag();
        for (String name : capacity.keys()) {
            DeviceNames.attribute(capacity, name);
            CapacityRules.check(capacity.key(name), shared);
        }
        DeviceRequestRules.atMost(device.at("taints"), MAX_TAINTS).forEach(DeviceTaintRules::taint);
        DeviceRequestRules.distinctItems(
                        device.at("consumesCounters"),
                        MAX_CONSUMPTIONS,
                        consumption -> consumption.at("counterSet").text())
                .forEach(consumption -> CounterRules.check(consumption, "counterSet"));
        where(device, each);
        BindingConditionRules.check(device);
    }

    private static void where(Field device, boolean each) {
        Field node = device.at("nodeName");
        Field selector = device.at("nodeSelector");
        Field all = device.at("allNodes");
        if (!each) {
            if (node.isSet() || selector.isSet() || all.isSet()) {
                device.with(MissingNode.getInstance())
                        .invalid(
                                "`nodeName`, `nodeSelector` and `allNodes` can only be set if"
                                        + " `perDeviceNodeSelection` is set to true in the"
                                        + " ResourceSlice spec");
            }
            return;
        }
        List<String> given = new ArrayList<>();
        if (node.isGiven()) {
            given.add("`nodeName`");
            node.form(Names::dnsSubdomain);
        } else if (node.isSet()) {
            node.invalid("must not be empty");
        }
        if (selector.isSet()) {
            given.add("`nodeSelector`");
            AffinityRules.nodeSelector(selector);
        }
        if (all.flag()) {
            given.add("`allNodes`");
        } else if (all.isSet()) {
            all.invalid("must be either unset or set to true");
        }
        if (given.isEmpty()) {
            device.tellRequired(WHERE);
        } else if (given.size() > 1) {
            device.invalid("{" + String.join(", ", given) + "}", WHERE);
        }
    }

    private static void attribute(Field attribute) {
        longest(attribute.at("string"));
        version(attribute.at("version"));
        for (String list : LISTS) {
            if (attribute.at(list).isSet() && !attribute.at(list).isGiven()) {
                attribute.at(list).invalid("must not be empty if specified");
            }
        }
        attribute.at("strings").items().forEach(DeviceRules::longest);
        attribute.at("versions").items().forEach(DeviceRules::version);
        long values =
                List.of("bool", "int", "string", "version", "bools", "ints", "strings", "versions")
                        .stream()
                        .filter(name -> attribute.at(name).isSet())
                        .count();
        if (values == 0) {
            attribute.invalid("", "exactly one value must be specified");
        } else if (values > 1) {
            attribute.invalid("exactly one value must be specified");
        }
    }

    private static void version(Field version) {
        if (version.isSet() && !VERSION.matcher(version.text()).matches()) {
            version.invalid("must be a string compatible with semver.org spec 2.0.0");
        }
        longest(version);
    }

    private static void longest(Field value) {
        if (value.text().length() > MAX_VALUE) {
            value.tooLong(MAX_VALUE);
        }
    }
}
