package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** FlowSchemas: which requests belong to which priority level. */
public final class FlowSchemaStrategy extends KindStrategy {

    private static final List<String> METHODS = List.of("ByNamespace", "ByUser");

    private static final int DEFAULT_PRECEDENCE = 1_000;
    private static final int MAX_PRECEDENCE = 10_000;
    private static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "proxy",
                    "update",
                    "watch");

    public FlowSchemaStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode schema) {
        ObjectNode spec = Trees.child(schema, "spec");
        if (spec.path("matchingPrecedence").asInt(0) == 0) {
            spec.put("matchingPrecedence", DEFAULT_PRECEDENCE);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode schema) {
        schema.putObject("status");
    }

    @Override
    protected void rules(Field schema) {
        Field spec = schema.at("spec");
        Field precedence = spec.at("matchingPrecedence");
        if (precedence.number() <= 0) {
            precedence.invalid("must be a positive value");
        }
        if (precedence.number() > MAX_PRECEDENCE) {
            precedence.invalid("must not be greater than " + MAX_PRECEDENCE);
        }
        if (precedence.number() == 1 && !schema.at("metadata", "name").is("exempt")) {
            precedence.invalid("only the schema named 'exempt' may have matchingPrecedence 1");
        }
        Field method = spec.at("distinguisherMethod");
        if (method.isSet()) {
            method(method.at("type"));
        }
        Field level = spec.at("priorityLevelConfiguration", "name");
        if (level.isGiven()) {
            level.form(Names::dnsSubdomain);
        } else {
            level.tellRequired("must reference a priority level");
        }
        spec.at("rules").items().forEach(FlowSchemaStrategy::rule);
        MandatoryObjects.check(schema, MandatoryObjects.FLOW_SCHEMAS);
        Conditions.check(schema.at("status", "conditions"));
    }

    /** Upstream shows its Go struct. */
    private static void method(Field type) {
        if (!METHODS.contains(type.text())) {
            notSupported(type, Json.object().put("Type", type.text()), METHODS);
        }
    }

    /** A value that is no text is shown as JSON. */
    private static void notSupported(Field field, JsonNode shown, List<String> supported) {
        field.error(
                FieldError.Type.NOT_SUPPORTED,
                "Unsupported value: "
                        + Json.text(shown)
                        + ": supported values: "
                        + supported.stream()
                                .map(FieldError::quoted)
                                .collect(Collectors.joining(", ")));
    }

    private static void rule(Field rule) {
        rule.at("subjects").required("subjects must contain at least one value");
        rule.at("subjects").items().forEach(FlowSubjects::check);
        if (!rule.at("resourceRules").isGiven() && !rule.at("nonResourceRules").isGiven()) {
            rule.tellRequired(
                    "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        rule.at("resourceRules").items().forEach(FlowSchemaStrategy::resourceRule);
        rule.at("nonResourceRules").items().forEach(FlowSchemaStrategy::nonResourceRule);
    }

    private static void verbs(Field verbs) {
        if (!verbs.isGiven()) {
            verbs.tellRequired("verbs must contain at least one value");
        } else if (verbs.texts().contains("*")) {
            alone(verbs, "verbs");
        } else if (!VERBS.containsAll(verbs.texts())) {
            notSupported(verbs, verbs.value(), VERBS);
        }
    }

    private static void alone(Field list, String what) {
        if (list.items().size() > 1 && list.texts().contains("*")) {
            list.invalid("if '*' is present, must not specify other " + what);
        }
    }

    private static void resourceRule(Field rule) {
        verbs(rule.at("verbs"));
        rule.at("apiGroups").required("resource rules must supply at least one api group");
        alone(rule.at("apiGroups"), "api groups");
        rule.at("resources").required("resource rules must supply at least one resource");
        alone(rule.at("resources"), "resources");
        Field namespaces = rule.at("namespaces");
        if (!namespaces.isGiven() && !rule.at("clusterScope").flag()) {
            namespaces.tellRequired(
                    "resource rules that are not cluster scoped must supply at least one"
                            + " namespace");
        } else if (namespaces.texts().contains("*")) {
            alone(namespaces, "namespaces");
        } else {
            for (Field namespace : namespaces.items()) {
                Names.dnsLabel(namespace.text())
                        .forEach(wrong ->
                                namespace.invalid(
                                        "each member of this list must be '*' or a DNS-1123"
                                                + " label; "
                                                + wrong));
            }
        }
    }

    private static void nonResourceRule(Field rule) {
        verbs(rule.at("verbs"));
        Field urls = rule.at("nonResourceURLs");
        urls.required("nonResourceURLs must contain at least one value");
        if (urls.texts().contains("*")) {
            alone(urls, "non-resource URLs");
        } else {
            urls.items().forEach(FlowSchemaStrategy::url);
        }
    }

    private static void url(Field url) {
        String path = url.text();
        long stars = path.chars().filter(c -> c == '*').count();
        if (path.isEmpty()) {
            url.invalid("", "must not be empty");
        } else if (path.equals("/")) {
            return;
        } else if (!path.startsWith("/")) {
            url.invalid("must start with slash");
        } else if (path.contains(" ")) {
            url.invalid("must not contain white-space");
        } else if (path.contains("//")) {
            url.invalid("must not contain double slash");
        } else if (stars > 1 || (stars == 1 && !path.endsWith("/*"))) {
            url.invalid("wildcard can only do suffix matching");
        }
    }

    @Override
    protected void statusRules(Field schema, Field old) {
        Conditions.check(schema.at("status", "conditions"));
    }
}
