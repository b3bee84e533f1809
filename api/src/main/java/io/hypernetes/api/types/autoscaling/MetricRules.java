package io.hypernetes.api.types.autoscaling;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;

import java.util.List;
import java.util.Map;

/** Rules for what an autoscaler measures. */
final class MetricRules {

    private static final List<String> TYPES =
            List.of("ContainerResource", "External", "Object", "Pods", "Resource");

    /** The field that belongs to a type, in the order in which upstream looks at them. */
    private static final List<Map.Entry<String, String>> FIELDS =
            List.of(
                    Map.entry("Object", "object"),
                    Map.entry("External", "external"),
                    Map.entry("Pods", "pods"),
                    Map.entry("Resource", "resource"),
                    Map.entry("ContainerResource", "containerResource"));

    private MetricRules() {}

    static void reference(Field reference) {
        reference.at("kind").required().form(Names::pathSegment);
        reference.at("name").required().form(Names::pathSegment);
    }

    /** What is scaled is of a named group, but for the one kind that the core group has. */
    static void group(Field reference) {
        String apiVersion = reference.at("apiVersion").text();
        int slash = apiVersion.indexOf('/');
        if (slash != apiVersion.lastIndexOf('/')) {
            reference
                    .at("apiVersion")
                    .invalid(apiVersion, "unexpected GroupVersion string: " + apiVersion);
        } else if (slash <= 0 && !reference.at("kind").is("ReplicationController")) {
            reference.at("apiVersion").invalid(apiVersion, "apiVersion must specify API group");
        }
    }

    static void metric(Field metric) {
        Field type = metric.at("type");
        type.required("must specify a metric source type");
        type.oneOf(TYPES);
        List<String> given =
                FIELDS.stream()
                        .map(Map.Entry::getValue)
                        .filter(field -> metric.at(field).isSet())
                        .toList();
        if (!given.isEmpty()) {
            source(given.getFirst(), metric.at(given.getFirst()));
        }
        String expected =
                FIELDS.stream()
                        .filter(entry -> entry.getKey().equals(type.text()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("");
        if (expected.isEmpty()) {
            // Upstream tells it twice.
            type.notSupported(TYPES);
        } else if (!metric.at(expected).isSet()) {
            metric.at(expected)
                    .tellRequired("must populate information for the given metric source");
        }
        if (given.size() != 1) {
            given.stream()
                    .filter(field -> !field.equals(expected))
                    .forEach(field ->
                            metric.at(field)
                                    .forbidden("must populate the given metric source only"));
        }
    }

    private static void source(String type, Field source) {
        Field target = source.at("target");
        boolean value = target.at("value").isSet();
        boolean average = target.at("averageValue").isSet();
        boolean utilization = target.at("averageUtilization").isSet();
        switch (type) {
            case "object" -> {
                reference(source.at("describedObject"));
                identifier(source.at("metric"));
                target(target);
                if (!value && !average) {
                    target.at("averageValue")
                            .tellRequired("must set either a target value or averageValue");
                }
            }
            case "external" -> {
                identifier(source.at("metric"));
                target(target);
                if (!value && !average) {
                    target.at("averageValue")
                            .tellRequired(
                                    "must set either a target value for metric or a per-pod"
                                            + " target");
                } else if (value && average) {
                    target.at("value")
                            .forbidden(
                                    "may not set both a target value for metric and a per-pod"
                                            + " target");
                }
            }
            case "pods" -> {
                identifier(source.at("metric"));
                target(target);
                if (!average) {
                    target.at("averageValue")
                            .tellRequired("must specify a positive target averageValue");
                }
            }
            default -> {
                source.at("name").required("must specify a resource name");
                if (type.equals("containerResource")) {
                    source.at("container")
                            .required("must specify a container")
                            .form(Names::dnsLabel);
                }
                target(target);
                if (!utilization && !average) {
                    target.at("averageUtilization")
                            .tellRequired(
                                    "must set either a target raw value or a target utilization");
                } else if (utilization && average) {
                    target.at("averageValue")
                            .forbidden(
                                    "may not set both a target raw value and a target"
                                            + " utilization");
                }
            }
        }
    }

    private static void identifier(Field metric) {
        metric.at("name").required("must specify a metric name").form(Names::pathSegment);
    }

    private static void target(Field target) {
        Field type = target.at("type");
        type.required("must specify a metric target type");
        if (!List.of("Utilization", "Value", "AverageValue").contains(type.text())) {
            type.invalid(type.text(), "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            if (target.at(field).isSet() && !isPositive(target.at(field))) {
                target.at(field).invalid("must be positive");
            }
        }
        target.at("averageUtilization").positive();
    }

    private static boolean isPositive(Field amount) {
        try {
            return Quantity.parse(amount.value().asString()).signum() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
