package io.hypernetes.api.types.admission;

import io.hypernetes.api.names.CelWords;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What validating and mutating admission policies, and their bindings, have in common. */
final class PolicyRules {

    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

    private PolicyRules() {}

    static void matchDefaults(ObjectNode match) {
        Trees.setDefault(match, "matchPolicy", "Equivalent");
        Trees.child(match, "namespaceSelector");
        Trees.child(match, "objectSelector");
        for (String rules : List.of("resourceRules", "excludeResourceRules")) {
            for (ObjectNode rule : Trees.objects(match.path(rules))) {
                Trees.setIfAbsent(rule, "scope", "*");
            }
        }
    }

    static void failurePolicy(Field policy) {
        if (policy.isSet()) {
            policy.oneOf(MatchRules.FAILURE_POLICIES);
        } else {
            policy.tellRequired("");
        }
    }

    static void paramKind(Field kind) {
        if (!kind.isSet()) {
            return;
        }
        Field apiVersion = kind.at("apiVersion");
        String text = apiVersion.text();
        if (text.isEmpty()) {
            apiVersion.tellRequired("");
        } else if (text.chars().filter(c -> c == '/').count() > 1) {
            apiVersion.invalid("unexpected GroupVersion string: " + text);
        } else {
            apiVersion(apiVersion, text.equals("/") ? "" : text);
        }
        Field name = kind.at("kind");
        if (!name.isGiven()) {
            name.tellRequired("");
            return;
        }
        List<String> wrong = Names.dns1035Label(name.text().toLowerCase(Locale.ROOT));
        if (!wrong.isEmpty()) {
            name.invalid(
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
    }

    private static void apiVersion(Field apiVersion, String text) {
        int slash = text.indexOf('/');
        String group = text.substring(0, Math.max(0, slash));
        String version = text.substring(slash + 1);
        if (!group.isEmpty() && !Names.dnsSubdomain(group).isEmpty()) {
            apiVersion.invalid(group, String.join(",", Names.dnsSubdomain(group)));
        }
        if (version.isEmpty()) {
            apiVersion.invalid("version must be specified");
        } else if (!Names.dns1035Label(version).isEmpty()) {
            apiVersion.invalid(version, String.join(",", Names.dns1035Label(version)));
        }
    }

    static void variables(Field variables) {
        for (Field variable : variables.items()) {
            Field name = variable.at("name");
            if (name.text().isBlank()) {
                name.tellRequired("name is not specified");
            } else if (!IDENTIFIER.matcher(name.text()).matches()
                    || CelWords.isReserved(name.text())) {
                name.invalid("name is not a valid CEL identifier");
            }
            expression(variable.at("expression"), "expression is not specified");
        }
    }

    static void expression(Field expression, String sentence) {
        if (expression.text().isBlank()) {
            expression.tellRequired(sentence);
        }
    }

    static void policyName(Field name) {
        if (name.isGiven()) {
            name.form(Names::dnsSubdomain);
        } else {
            name.tellRequired("");
        }
    }

    static void paramRef(Field reference) {
        if (!reference.isSet()) {
            return;
        }
        Field name = reference.at("name");
        Field selector = reference.at("selector");
        boolean both = name.isGiven() && selector.isSet();
        name.ifGiven().form(Names::pathSegment);
        if (both) {
            name.forbidden("name and selector are mutually exclusive");
        }
        SelectorRules.check(selector);
        if (both) {
            selector.forbidden("name and selector are mutually exclusive");
        }
        if (!name.isGiven() && !selector.isSet()) {
            reference.tellRequired("one of name or selector must be specified");
        }
        Field action = reference.at("parameterNotFoundAction");
        if (action.isGiven()) {
            action.oneOf("Deny", "Allow");
        } else {
            action.tellRequired("");
        }
    }
}
