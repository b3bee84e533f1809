package io.hypernetes.api.types.admission;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What {@code kubectl get} shows of webhook configurations and admission policies. */
public final class AdmissionColumns {

    public static final List<Column> WEBHOOKS =
            List.of(
                    Columns.integer("Webhooks", o -> Columns.size(o.path("webhooks"))),
                    Columns.age());

    public static final List<Column> VALIDATING_POLICY = policy("Validations", "validations");

    public static final List<Column> MUTATING_POLICY = policy("Mutations", "mutations");

    public static final List<Column> BINDING =
            List.of(
                    Columns.text("PolicyName", "spec", "policyName"),
                    Column.of("ParamRef", o -> parameters(at(o, "spec", "paramRef"))),
                    Columns.age());

    private AdmissionColumns() {}

    private static List<Column> policy(String name, String list) {
        return List.of(
                Columns.integer(name, o -> Columns.size(at(o, "spec", list))),
                Column.of("ParamKind", o -> kind(at(o, "spec", "paramKind"))),
                Columns.age());
    }

    private static String kind(JsonNode parameters) {
        return parameters.isObject()
                ? text(parameters, "apiVersion") + "/" + text(parameters, "kind")
                : "<unset>";
    }

    private static String parameters(JsonNode reference) {
        if (!reference.isObject()) {
            return "<unset>";
        }
        String namespace = text(reference, "namespace");
        String name = text(reference, "name");
        return (namespace.isEmpty() ? "*" : namespace) + "/" + (name.isEmpty() ? "*" : name);
    }
}
