package io.hypernetes.api.types.admission;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which requests a webhook or policy is for. */
final class MatchRules {

    static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");
    static final List<String> FAILURE_POLICIES = List.of("Fail", "Ignore");
    static final List<String> REINVOCATION_POLICIES = List.of("IfNeeded", "Never");

    private static final List<String> OPERATIONS =
            List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> MUTABLE = List.of("*", "CONNECT", "CREATE", "UPDATE");
    private static final int MAX_CONDITIONS = 64;

    private MatchRules() {}

    /** A {@code RuleWithOperations}. */
    static void rule(Field rule) {
        Field operations = rule.at("operations");
        operations.required();
        alone(operations, "if '*' is present, must not specify other operations");
        operations.items().forEach(operation -> operation.oneOf(OPERATIONS));
        rule.at("apiGroups").required();
        alone(rule.at("apiGroups"), "if '*' is present, must not specify other API groups");
        rule.at("apiVersions").required();
        alone(rule.at("apiVersions"), "if '*' is present, must not specify other API versions");
        rule.at("apiVersions").items().forEach(Field::required);
        resources(rule.at("resources"));
        Field scope = rule.at("scope");
        if (scope.isSet()) {
            scope.oneOf("*", "Cluster", "Namespaced");
        }
    }

    private static void alone(Field list, String sentence) {
        if (list.items().size() > 1 && list.texts().contains("*")) {
            list.invalid(sentence);
        }
    }

    private static void resources(Field resources) {
        resources.required();
        Set<String> wholeResources = new HashSet<>();
        Set<String> wholeSubresources = new HashSet<>();
        boolean plain = false;
        for (Field item : resources.items()) {
            String text = item.text();
            int slash = text.indexOf('/');
            if (text.isEmpty()) {
                item.tellRequired("");
                continue;
            }
            if (slash < 0) {
                plain = !text.equals("*");
                continue;
            }
            String resource = text.substring(0, slash);
            String subresource = text.substring(slash + 1);
            if (wholeResources.contains(resource)) {
                item.invalid("if '" + resource + "/*' is present, must not specify " + text);
            }
            if (wholeSubresources.contains(subresource)) {
                item.invalid("if '*/" + subresource + "' is present, must not specify " + text);
            }
            if (subresource.equals("*")) {
                wholeResources.add(resource);
            }
            if (resource.equals("*")) {
                wholeSubresources.add(subresource);
            }
        }
        List<String> texts = resources.texts();
        if (texts.size() > 1 && texts.contains("*/*")) {
            resources.invalid("if '*/*' is present, must not specify other resources");
        }
        if (texts.contains("*") && plain) {
            resources.invalid(
                    "if '*' is present, must not specify other resources without subresources");
        }
    }

    /** A {@code MatchResources}. */
    static void resources(Field match, boolean required) {
        if (!match.isSet()) {
            if (required) {
                match.tellRequired("");
            }
            return;
        }
        Field policy = match.at("matchPolicy");
        policy.required().ifGiven();
        if (policy.isGiven()) {
            policy.oneOf(MATCH_POLICIES);
        }
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            if (match.at(selector).isSet()) {
                SelectorRules.check(match.at(selector));
            } else {
                match.at(selector).tellRequired("");
            }
        }
        match.at("resourceRules").items().forEach(MatchRules::namedRule);
        match.at("excludeResourceRules").items().forEach(MatchRules::namedRule);
        if (required) {
            match.at("resourceRules").required();
        }
    }

    /** What is deleted cannot be changed. */
    static void mutating(Field match) {
        Field told = match.at("resourceRules").at("operations");
        for (Field rule : match.at("resourceRules").items()) {
            for (String operation : rule.at("operations").texts()) {
                if (!MUTABLE.contains(operation)) {
                    told.notSupported(operation, MUTABLE);
                }
            }
        }
    }

    private static void namedRule(Field rule) {
        Set<String> names = new HashSet<>();
        for (Field name : rule.at("resourceNames").items()) {
            name.form(Names::pathSegment);
            if (!names.add(name.text())) {
                name.duplicate();
            }
        }
        rule(rule);
    }

    /** The form of match conditions; whether their expressions compile is told elsewhere. */
    static void conditions(Field conditions) {
        int count = conditions.items().size();
        if (count > MAX_CONDITIONS) {
            conditions.tooMany(count, MAX_CONDITIONS);
        }
        Set<String> names = new HashSet<>();
        for (Field condition : conditions.items()) {
            if (condition.at("expression").text().isBlank()) {
                condition.at("expression").tellRequired("");
            }
            Field name = condition.at("name");
            if (!name.isGiven()) {
                name.tellRequired("");
                continue;
            }
            name.form(Names::qualifiedName);
            if (!names.add(name.text())) {
                name.duplicate();
            }
        }
    }
}
