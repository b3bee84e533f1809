package io.hypernetes.api.types.resource;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The rules of {@code DeviceClaim}: what devices are asked for. */
final class DeviceRequestRules {

    static final int MAX_REQUESTS = 32;
    private static final int MAX_CONSTRAINTS = 32;
    static final int MAX_CONFIGS = 32;
    private static final int MAX_SELECTORS = 32;
    private static final int MAX_ALTERNATIVES = 8;
    private static final int MAX_EXPRESSION = 10 * 1024;
    private static final int MAX_DATA = 10 * 1024;
    private static final String ONE_OF = "exactly one of `exactly` or `firstAvailable` is required";
    private static final String NO_REQUEST =
            "must be the name of a request in the claim or the name of a request and a subrequest"
                    + " separated by '/'";

    private DeviceRequestRules() {}

    static void applyDefaults(ObjectNode spec) {
        for (ObjectNode request : Trees.objects(spec.path("devices").path("requests"))) {
            if (request.path("exactly") instanceof ObjectNode exactly) {
                requestDefaults(exactly);
            }
            Trees.objects(request.path("firstAvailable"))
                    .forEach(DeviceRequestRules::requestDefaults);
        }
    }

    private static void requestDefaults(ObjectNode request) {
        Trees.setDefault(request, "allocationMode", "ExactCount");
        if (Trees.text(request, "allocationMode").equals("ExactCount")
                && request.path("count").asLong(0) == 0) {
            request.put("count", 1);
        }
        for (ObjectNode toleration : Trees.objects(request.path("tolerations"))) {
            Trees.setDefault(toleration, "operator", "Equal");
        }
    }

    static void check(Field devices) {
        Map<String, Set<String>> names = names(devices);
        namedItems(devices.at("requests"), MAX_REQUESTS).forEach(DeviceRequestRules::request);
        for (Field constraint : atMost(devices.at("constraints"), MAX_CONSTRAINTS)) {
            references(constraint.at("requests"), names);
            Field attribute = constraint.at("matchAttribute");
            Field distinct = constraint.at("distinctAttribute");
            if (attribute.isSet()) {
                DeviceNames.qualifiedAttribute(attribute);
            } else if (distinct.isSet()) {
                DeviceNames.qualifiedAttribute(distinct);
            } else {
                constraint.tellRequired(
                        "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required,"
                                + " but multiple fields are set");
            }
        }
        for (Field config : atMost(devices.at("config"), MAX_CONFIGS)) {
            references(config.at("requests"), names);
            configuration(config);
        }
    }

    /** Requests with their alternatives. */
    static Map<String, Set<String>> names(Field devices) {
        Map<String, Set<String>> names = new TreeMap<>();
        for (Field request : devices.at("requests").items()) {
            Set<String> alternatives = new HashSet<>();
            request.at("firstAvailable")
                    .items()
                    .forEach(a -> alternatives.add(a.at("name").text()));
            names.put(request.at("name").text(), alternatives);
        }
        return names;
    }

    /** The items; none when there are too many, which is told. */
    static List<Field> atMost(Field list, int most) {
        int size = list.items().size();
        if (size > most) {
            list.tooMany(size, most);
            return List.of();
        }
        return list.items();
    }

    /** As {@link #atMost}, of items that are told apart by a text; what comes again is told. */
    static List<Field> distinctItems(Field list, int most, Function<Field, String> key) {
        List<Field> items = atMost(list, most);
        Set<String> known = new HashSet<>();
        for (Field item : items) {
            if (!known.add(key.apply(item))) {
                item.duplicate(key.apply(item));
            }
        }
        return items;
    }

    static List<Field> namedItems(Field list, int most) {
        return distinctItems(list, most, item -> item.at("name").text());
    }

    private static void name(Field name) {
        name.form(Names::dnsLabel);
    }

    private static void request(Field request) {
        name(request.at("name"));
        Field exactly = request.at("exactly");
        Field alternatives = request.at("firstAvailable");
        if (exactly.isSet() && alternatives.isGiven()) {
            request.with(MissingNode.getInstance())
                    .invalid(ONE_OF + ", but multiple fields are set");
        } else if (exactly.isSet()) {
            details(exactly);
        } else if (alternatives.isGiven()) {
            for (Field alternative : namedItems(alternatives, MAX_ALTERNATIVES)) {
                name(alternative.at("name"));
                details(alternative);
            }
        } else {
            request.tellRequired(ONE_OF);
        }
    }

    private static void details(Field request) {
        Field deviceClass = request.at("deviceClassName");
        if (deviceClass.isGiven()) {
            deviceClass.form(Names::dnsSubdomain);
        } else {
            deviceClass.tellRequired("");
        }
        selectors(request.at("selectors"));
        Field mode = request.at("allocationMode");
        Field count = request.at("count");
        switch (mode.text()) {
            case "All" -> {
                if (count.number() != 0) {
                    count.invalid("must not be specified when allocationMode is 'All'");
                }
            }
            case "ExactCount" -> {
                if (count.number() <= 0) {
                    count.invalid(count.number(), "must be greater than zero");
                }
            }
            default -> mode.notSupported(List.of("All", "ExactCount"));
        }
        request.at("tolerations").items().forEach(DeviceTaintRules::toleration);
    }

    /** Whether the expressions compile is told elsewhere. */
    static void selectors(Field selectors) {
        for (Field selector : atMost(selectors, MAX_SELECTORS)) {
            Field cel = selector.at("cel");
            if (!cel.isSet()) {
                cel.tellRequired("");
            } else if (cel.at("expression").text().length() > MAX_EXPRESSION) {
                cel.at("expression").tooLong(MAX_EXPRESSION);
            }
        }
    }

    static void references(Field requests, Map<String, Set<String>> names) {
        distinctItems(requests, MAX_REQUESTS, Field::text)
                .forEach(request -> reference(request, names));
    }

    static void reference(Field request, Map<String, Set<String>> names) {
        String[] parts = request.text().split("/", -1);
        if (parts.length > 2) {
            request.invalid(NO_REQUEST);
            return;
        }
        for (String part : parts) {
            Names.dnsLabel(part).forEach(wrong -> request.invalid(part, wrong));
        }
        Set<String> alternatives = names.get(parts[0]);
        if (alternatives == null || (parts.length == 2 && !alternatives.contains(parts[1]))) {
            request.invalid(request.text(), NO_REQUEST);
        }
    }

    static void configuration(Field config) {
        Field opaque = config.at("opaque");
        if (!opaque.isSet()) {
            opaque.tellRequired("");
            return;
        }
        DeviceNames.driver(opaque.at("driver"));
        if (opaque.at("parameters").isSet()) {
            data(opaque.at("parameters"));
        } else {
            opaque.at("parameters").tellRequired("");
        }
    }

    /** Any JSON object, of a limited size. */
    static void data(Field data) {
        if (!data.isSet()) {
            return;
        }
        if (Json.text(data.value()).length() > MAX_DATA) {
            data.tooLong(MAX_DATA);
        } else if (!data.value().isObject()) {
            data.invalid("<value omitted>", "must be a valid JSON object");
        }
    }
}
