package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Columns.orNone;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the kinds that make pods have in common: their templates and selectors. */
public final class PodTemplates {

    private static final String NO_MATCH = "`selector` does not match template `labels`";

    private PodTemplates() {}

    /** The defaults of the pods that will be made. */
    public static void applyDefaults(ObjectNode owner) {
        ObjectNode template = Trees.child(owner, "template");
        Trees.child(template, "metadata");
        PodDefaults.applyTemplate(Trees.child(template, "spec"));
    }

    /**
     * Rules for a selector that must be given, must not be empty and must select the template's
     * pods.
     *
     * @param kind as messages name it
     */
    public static void selector(Field spec, String kind, String whenUnreadable) {
        Field selector = spec.at("selector");
        if (!selector.isSet()) {
            selector.tellRequired("");
            spec.at("template", "metadata", "labels").invalid(NO_MATCH);
            return;
        }
        SelectorRules.check(selector);
        if (isEmpty(selector)) {
            selector.invalid(
                    SelectorRules.shown(selector), "empty selector is invalid for " + kind);
        }
        matches(spec, whenUnreadable);
    }

    public static boolean isEmpty(Field selector) {
        return !selector.at("matchLabels").isGiven() && !selector.at("matchExpressions").isGiven();
    }

    /** The selector must select the template's pods. */
    public static void matches(Field spec, String whenUnreadable) {
        Optional<LabelSelector> selector = SelectorRules.parse(spec.at("selector"));
        Field labels = spec.at("template", "metadata", "labels");
        if (selector.isEmpty()) {
            if (!whenUnreadable.isEmpty()) {
                spec.at("selector")
                        .invalid(SelectorRules.shown(spec.at("selector")), whenUnreadable);
            }
        } else if (!selector.get().isEverything()
                && !selector.get().matches(Metadata.labels(spec.at("template").object()))) {
            labels.invalid(NO_MATCH);
        }
    }

    /** An update strategy as messages show it. */
    public static JsonNode shown(Field strategy) {
        ObjectNode shown = GoStruct.of(strategy.value(), List.of("type", "rollingUpdate"));
        Field rolling = strategy.at("rollingUpdate");
        if (rolling.isSet()) {
            List<String> fields = List.of("maxUnavailable", "maxSurge");
            GoStruct.with(shown, "rollingUpdate", GoStruct.of(rolling.value(), fields));
        }
        return shown;
    }

    /** Pods that run for ever, as workloads other than jobs make them. */
    public static void alwaysRestarted(Field template, String kind) {
        template.at("spec", "restartPolicy").oneOf("Always");
        template.at("spec", "activeDeadlineSeconds")
                .forbiddenIfSet("activeDeadlineSeconds in " + kind + " is not Supported");
    }

    /** CONTAINERS and IMAGES of {@code kubectl get -o wide}. */
    public static List<Column> columns(String... path) {
        return List.of(
                Column.wide("Containers", o -> join(Trees.at(o, path), "name")),
                Column.wide("Images", o -> join(Trees.at(o, path), "image")));
    }

    /** The names or images of a pod spec's containers. */
    static String join(JsonNode template, String field) {
        return Trees.objects(Trees.at(template, "spec", "containers")).stream()
                .map(container -> Trees.text(container, field))
                .collect(Collectors.joining(","));
    }

    /** SELECTOR of {@code kubectl get -o wide}. */
    public static Column selectorColumn(String... path) {
        return Column.wide("Selector", o -> selectorText(Trees.at(o, path)));
    }

    /** {@code a=b,c in (d,e)}. */
    public static String selectorText(JsonNode selector) {
        if (!(selector instanceof ObjectNode)) {
            return "<none>";
        }
        try {
            LabelSelector parsed = LabelSelector.fromObject(selector);
            return parsed.isEverything() ? "<none>" : parsed.toString();
        } catch (ApiException e) {
            return "<error>";
        }
    }

    /** {@code a=b,c=d}, sorted. */
    public static String labels(JsonNode labels) {
        return orNone(
                labels.properties().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(label -> label.getKey() + "=" + label.getValue().asString(""))
                        .collect(Collectors.joining(",")));
    }

    /** NAME first, as all rows have it. */
    static List<Column> template() {
        return List.of(
                Columns.name(),
                Column.of("Containers", o -> join(o.path("template"), "name")),
                Column.of("Images", o -> join(o.path("template"), "image")),
                Column.of(
                        "Pod Labels", o -> labels(Trees.at(o, "template", "metadata", "labels"))));
    }
}
