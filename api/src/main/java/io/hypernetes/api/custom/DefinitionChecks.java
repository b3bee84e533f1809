package io.hypernetes.api.custom;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.admission.ClientConfigRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.GoStruct;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The rules for a CustomResourceDefinition, in upstream's words. Upstream checks its internal form,
 * in which what all versions have in common stands above them: hence paths like {@code
 * spec.validation.openAPIV3Schema} that the object itself does not have.
 */
final class DefinitionChecks {
    private static final List<String> COLUMN_TYPES =
            List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> COLUMN_FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");
    private static final int MOST_SELECTABLE = 8;

    private static final List<String> HOISTED =
            List.of("schema", "subresources", "additionalPrinterColumns", "selectableFields");

    /** The fields of a version in the internal form. */
    private static final List<String> VERSION =
            List.of(
                    "name",
                    "served",
                    "storage",
                    "deprecated",
                    "deprecationWarning",
                    "schema",
                    "subresources",
                    "additionalPrinterColumns",
                    "selectableFields");

    private final Field definition;
    private final Field spec;
    private final Field versions;

    DefinitionChecks(Field definition) {
        this.definition = definition;
        this.spec = definition.at("spec");
        this.versions = spec.at("versions");
    }

    void check() {
        name();
        checkChanged();
    }

    /** What is asked of a definition whose name stays as it is. */
    void checkChanged() {
        Field group = spec.at("group").required();
        if (group.isGiven()) {
            List<String> wrong = Names.dnsSubdomain(group.text());
            if (!wrong.isEmpty()) {
                group.invalid(group.text(), String.join(",", wrong));
            } else if (group.text().indexOf('.') < 0) {
                group.invalid("should be a domain with at least one dot");
            }
        }
        if (spec.at("scope").required().isGiven()) {
            spec.at("scope").oneOf("Cluster", "Namespaced");
        }
        schemas();
        versionNames();
        names(spec.at("names"), true);
        names(definition.at("status", "acceptedNames"), false);
        hoisted("subresources", DefinitionChecks::subresources);
        hoisted(
                "additionalPrinterColumns",
                (columns, _) -> columns.items().forEach(DefinitionChecks::column));
        hoisted("selectableFields", this::selectable);
        conversion();
        for (Field version : versions.items()) {
            deprecation(version);
        }
    }

    private void name() {
        String wanted = spec.at("names", "plural").text() + "." + spec.at("group").text();
        Field name = definition.at("metadata", "name");
        for (Field given : List.of(definition.at("metadata", "generateName"), name)) {
            if (given.isGiven() && !given.is(wanted)) {
                given.invalid("must be spec.names.plural+\".\"+spec.group");
            }
        }
    }

    private void schemas() {
        for (Field version : versions.items()) {
            if (!version.at("schema", "openAPIV3Schema").isSet()) {
                version.at("schema", "openAPIV3Schema").tellRequired("");
            }
        }
        boolean same = common("schema");
        for (Field version : versions.items()) {
            Field schema =
                    same ? version.at("schema").named("spec.validation") : version.at("schema");
            if (schema.at("openAPIV3Schema").isSet()) {
                SchemaChecks.check(
                        schema.at("openAPIV3Schema"), version.at("subresources", "status").isSet());
            }
            if (same) {
                break;
            }
        }
    }

    /** Whether all versions say the same, so that it counts as said above them. */
    private boolean common(String name) {
        List<Field> all = versions.items();
        return !all.isEmpty()
                && all.stream()
                        .allMatch(v ->
                                v.at(name).isSet()
                                        && Json.same(
                                                v.at(name).value(),
                                                all.getFirst().at(name).value()));
    }

    /** Checks a field of every version; once for all, with its path above, where all are alike. */
    private void hoisted(String name, BiConsumer<Field, Field> check) {
        boolean same = common(name);
        for (Field version : versions.items()) {
            Field field = version.at(name);
            if (field.isSet()) {
                check.accept(same ? field.named("spec." + name) : field, version);
            }
            if (same) {
                break;
            }
        }
    }

    private void versionNames() {
        Set<String> seen = new HashSet<>();
        boolean unique = true;
        int stored = 0;
        for (Field version : versions.items()) {
            stored += version.at("storage").flag() ? 1 : 0;
            unique &= seen.add(version.at("name").text());
            label(version.at("name"), version.at("name").text(), "");
        }
        if (!unique) {
            versions.invalid(shownVersions(), "must contain unique version names");
        }
        if (stored != 1) {
            versions.invalid(
                    shownVersions(), "must have exactly one version marked as storage version");
        }
        // The first version is the definition's own in the internal form.
        Field first = versions.index(0).at("name");
        if (first.isGiven()) {
            label(first.named("spec.version"), first.text(), "");
        }
    }

    /** What all versions have in common does not stand in them in the internal form. */
    private JsonNode shownVersions() {
        if (!versions.isSet()) {
            return versions.value();
        }
        ArrayNode shown = JsonNodeFactory.instance.arrayNode();
        for (Field version : versions.items()) {
            ObjectNode one = GoStruct.of(version.value(), VERSION);
            for (String part : HOISTED) {
                if (common(part)) {
                    GoStruct.with(one, part, one.nullNode());
                }
            }
            BooleanNode no = BooleanNode.FALSE;
            shown.add(GoStruct.empty(one, no, "served", "storage", "deprecated"));
        }
        return shown;
    }

    private static void label(Field field, String text, String before) {
        List<String> wrong = Names.dns1035Label(text);
        if (!wrong.isEmpty()) {
            field.invalid(field.text(), before + String.join(",", wrong));
        }
    }

    private static void names(Field names, boolean required) {
        if (required) {
            for (String name : List.of("plural", "singular", "kind", "listKind")) {
                names.at(name).required();
            }
        }
        for (String name : List.of("plural", "singular")) {
            if (names.at(name).isGiven()) {
                label(names.at(name), names.at(name).text(), "");
            }
        }
        for (String name : List.of("kind", "listKind")) {
            if (names.at(name).isGiven()) {
                label(
                        names.at(name),
                        names.at(name).text().toLowerCase(Locale.ROOT),
                        "may have mixed case, but should otherwise match: ");
            }
        }
        names.at("shortNames").items().forEach(item -> label(item, item.text(), ""));
        if (names.at("kind").isGiven() && names.at("listKind").is(names.at("kind").text())) {
            names.at("listKind").invalid("kind and listKind may not be the same");
        }
        names.at("categories").items().forEach(item -> label(item, item.text(), ""));
    }

    private static void subresources(Field subresources, Field version) {
        Field scale = subresources.at("scale");
        if (!scale.isSet()) {
            return;
        }
        under(scale.at("specReplicasPath").required(), List.of(".spec."), ".spec");
        under(scale.at("statusReplicasPath").required(), List.of(".status."), ".status");
        under(
                scale.at("labelSelectorPath").ifGiven(),
                List.of(".spec.", ".status."),
                "either .spec or .status");
    }

    private static void under(Field path, List<String> prefixes, String where) {
        if (!path.isGiven()) {
            return;
        }
        if (!path.text().startsWith(".")) {
            path.invalid("must be a simple json path starting with .");
        } else if (prefixes.stream().noneMatch(path.text()::startsWith)) {
            path.invalid("should be a json path under " + where);
        }
    }

    private static void column(Field column) {
        column.at("name").required();
        Field type = column.at("type").required("must be one of " + String.join(",", COLUMN_TYPES));
        if (type.isGiven() && !COLUMN_TYPES.contains(type.text())) {
            type.invalid("must be one of " + String.join(",", COLUMN_TYPES));
        }
        Field format = column.at("format").ifGiven();
        if (format.isGiven() && !COLUMN_FORMATS.contains(format.text())) {
            format.invalid("must be one of " + String.join(",", COLUMN_FORMATS));
        }
        Field path = column.at("jsonPath").named(column.path() + ".JSONPath").required();
        if (path.isGiven() && !path.text().startsWith(".")) {
            path.invalid("must be a simple json path starting with .");
        }
    }

    private void selectable(Field fields, Field version) {
        Set<String> seen = new HashSet<>();
        if (common("schema") && !common("selectableFields")) {
            if (fields.isGiven()) {
                // In the internal form the schema stands above, the fields in the version.
                fields.invalid(
                        "",
                        "may only be set when `version.schema.openAPIV3Schema` is not included");
            }
            return;
        }
        for (Field field : fields.items()) {
            Field path = field.at("jsonPath").required();
            if (!path.isGiven()) {
                continue;
            }
            FieldPath found;
            try {
                found =
                        FieldPath.of(
                                path.text(),
                                version.at("schema", "openAPIV3Schema").value(),
                                false);
            } catch (IllegalArgumentException e) {
                path.invalid("is an invalid path: " + e.getMessage());
                continue;
            }
            if (found.names().getFirst().equals("metadata")) {
                path.invalid("must not point to fields in metadata");
            }
            if (!Set.of("string", "boolean", "integer")
                    .contains(found.schema().path("type").asString(""))) {
                path.invalid(
                        "must point to a field of type string, boolean or integer. Enum string"
                                + " fields and strings with formats are allowed.");
            }
            if (!seen.add(path.text())) {
                path.duplicate();
            }
        }
        if (seen.size() > MOST_SELECTABLE) {
            fields.tooMany(seen.size(), MOST_SELECTABLE);
        }
    }

    private void conversion() {
        Field conversion = spec.at("conversion");
        if (!conversion.isSet()) {
            return;
        }
        Field strategy = conversion.at("strategy").required();
        Field webhook = conversion.at("webhook");
        Field client = webhook.at("clientConfig").named(conversion.path() + ".webhookClientConfig");
        Field reviews =
                webhook.at("conversionReviewVersions")
                        .named(conversion.path() + ".conversionReviewVersions");
        if (strategy.isGiven()) {
            strategy.oneOf("None", "Webhook");
        }
        if (!strategy.is("Webhook")) {
            client.forbiddenIfSet("should not be set when strategy is not set to Webhook");
            reviews.forbiddenIfGiven("should not be set when strategy is not set to Webhook");
            return;
        }
        if (!client.isSet()) {
            client.tellRequired("required when strategy is set to Webhook");
        } else {
            ClientConfigRules.check(client);
        }
        if (!reviews.isGiven()) {
            reviews.tellRequired("");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Field version : reviews.items()) {
            if (!seen.add(version.text())) {
                version.invalid("duplicate version");
            } else {
                version.form(Names::dns1035Label);
            }
        }
        if (!seen.contains("v1") && !seen.contains("v1beta1")) {
            reviews.invalid("must include at least one of v1, v1beta1");
        }
    }

    /** What a new definition is told, and an older one only when it was not like that before. */
    static void whatNeedNotStay(Field definition, Field old) {
        DefinitionApproval.check(definition, old);
        CertificateBundles.check(definition.at("spec", "conversion"), old.at("spec", "conversion"));
        Field preserve = definition.at("spec", "preserveUnknownFields");
        if (preserve.flag() && !old.at("spec", "preserveUnknownFields").flag()) {
            preserve.invalid(
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in"
                            + " spec.versions[*].schema instead");
        }
    }

    private static void deprecation(Field version) {
        Field warning = version.at("deprecationWarning");
        if (!warning.isSet()) {
            return;
        }
        String text = warning.text();
        if (!version.at("deprecated").flag()) {
            warning.invalid("can only be set for deprecated versions");
        } else if (text.length() > 256) {
            warning.invalid("must be <= 256 characters long");
        } else if (text.isEmpty()) {
            warning.invalid("must not be an empty string");
        } else if (text.chars().anyMatch(Character::isISOControl)) {
            int at = 0;
            while (!Character.isISOControl(text.charAt(at))) {
                at++;
            }
            warning.invalid(
                    "must only contain printable UTF-8 characters; non-printable character found at"
                            + " index "
                            + at);
        }
    }

    /** What is or was stored must stay readable. */
    static void storedVersions(Field definition) {
        Field stored = definition.at("status", "storedVersions");
        if (!stored.isGiven()) {
            stored.invalid("must have at least one stored version");
            return;
        }
        List<String> names = stored.texts();
        Set<String> known = new HashSet<>();
        for (Field version : definition.at("spec", "versions").items()) {
            String name = version.at("name").text();
            boolean again = !known.add(name);
            if (version.at("storage").flag() && (again || !names.contains(name))) {
                stored.invalid("must have the storage version " + name);
            }
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!known.contains(name)) {
                stored.index(i)
                        .invalid(
                                "missing from spec.versions; %1$s was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in %1$s and removes %1$s from status.storedVersions"
                                        .formatted(name));
            }
        }
    }
}
