package io.hypernetes.identity.rbac;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether some rules grant all that others grant. Rules are split into the smallest ones (one verb
 * on one resource); each must be covered by a single rule of the owner, as upstream does it.
 */
final class Cover {

    private Cover() {}

    /** The smallest rules of {@code wanted} that {@code held} does not cover. */
    static List<Rule> missing(List<Rule> held, List<Rule> wanted) {
        return wanted.stream()
                .flatMap(rule -> split(rule).stream())
                .filter(small -> held.stream().noneMatch(rule -> covers(rule, small)))
                .distinct()
                .toList();
    }

    /** As upstream prints them: verbs of one resource together, sorted, one a line. */
    static String describe(List<Rule> smallRules) {
        Set<String> lines = new TreeSet<>();
        compact(smallRules).forEach(rule -> lines.add(describe(rule)));
        return String.join("\n", lines);
    }

    private static List<Rule> split(Rule rule) {
        List<Rule> small = new ArrayList<>();
        for (String verb : rule.verbs()) {
            for (String group : rule.apiGroups()) {
                for (String resource : rule.resources()) {
                    if (rule.resourceNames().isEmpty()) {
                        small.add(Rule.resources(List.of(group), List.of(resource), List.of(verb)));
                    }
                    for (String name : rule.resourceNames()) {
                        small.add(
                                new Rule(
                                        List.of(verb),
                                        List.of(group),
                                        List.of(resource),
                                        List.of(name),
                                        List.of()));
                    }
                }
            }
            rule.nonResourceUrls()
                    .forEach(url -> small.add(Rule.paths(List.of(url), List.of(verb))));
        }
        return small;
    }

    private static boolean covers(Rule held, Rule small) {
        return hasAll(held.verbs(), small.verbs())
                && hasAll(held.apiGroups(), small.apiGroups())
                && small.resources().stream().allMatch(r -> resourceCovered(held, r))
                && namesCovered(held, small)
                && small.nonResourceUrls().stream().allMatch(url -> urlCovered(held, url));
    }

    private static boolean hasAll(List<String> held, List<String> wanted) {
        return held.contains(Rule.ALL) || held.containsAll(wanted);
    }

    private static boolean resourceCovered(Rule held, String resource) {
        int slash = resource.indexOf('/');
        return held.resources().contains(Rule.ALL)
                || held.resources().contains(resource)
                || (slash >= 0 && held.resources().contains("*" + resource.substring(slash)));
    }

    private static boolean namesCovered(Rule held, Rule small) {
        return held.resourceNames().isEmpty()
                || (!small.resourceNames().isEmpty()
                        && held.resourceNames().containsAll(small.resourceNames()));
    }

    private static boolean urlCovered(Rule held, String url) {
        return held.nonResourceUrls().stream().anyMatch(own -> Rule.urlCovers(own, url));
    }

    private static List<Rule> compact(List<Rule> smallRules) {
        Map<Rule, Set<String>> verbs = new LinkedHashMap<>();
        for (Rule rule : smallRules) {
            Rule place =
                    new Rule(
                            List.of(),
                            rule.apiGroups(),
                            rule.resources(),
                            rule.resourceNames(),
                            rule.nonResourceUrls());
            verbs.computeIfAbsent(place, _ -> new LinkedHashSet<>()).addAll(rule.verbs());
        }
        List<Rule> compact = new ArrayList<>();
        verbs.forEach((place, all) ->
                compact.add(
                        new Rule(
                                List.copyOf(all),
                                place.apiGroups(),
                                place.resources(),
                                place.resourceNames(),
                                place.nonResourceUrls())));
        return compact;
    }

    private static String describe(Rule rule) {
        List<String> parts = new ArrayList<>();
        add(parts, "APIGroups", rule.apiGroups());
        add(parts, "Resources", rule.resources());
        add(parts, "NonResourceURLs", rule.nonResourceUrls());
        add(parts, "ResourceNames", rule.resourceNames());
        add(parts, "Verbs", rule.verbs());
        return "{" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + quoted(values));
        }
    }

    /** As Go prints a list of strings with {@code %q}. */
    static String quoted(List<String> values) {
        return values.stream()
                .map(value -> "\"" + value + "\"")
                .collect(Collectors.joining(" ", "[", "]"));
    }
}
