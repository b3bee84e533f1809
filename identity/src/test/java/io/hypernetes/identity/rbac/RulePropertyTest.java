package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.UserInfo;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.util.List;
import java.util.Map;

/** Rules against a model that spells every word of a rule out as the requests it stands for. */
final class RulePropertyTest {

    private static final List<String> VERBS = List.of("get", "list", "delete");
    private static final List<String> GROUPS = List.of("", "apps");
    private static final List<String> RESOURCES = List.of("pods", "deployments");
    private static final List<String> SUBRESOURCES = List.of("", "log", "scale");
    private static final List<String> NAMES = List.of("", "a", "b");

    @Property
    void aRuleAllowsWhatItsWordsSpellOut(
            @ForAll("rules") Rule rule, @ForAll("requests") Attributes request) {
        assertThat(rule.allows(request)).isEqualTo(modelAllows(rule, request));
    }

    @Property
    void whatIsCoveredIsAllowed(
            @ForAll("rules") Rule held,
            @ForAll("rules") Rule wanted,
            @ForAll("requests") Attributes request) {
        if (Cover.missing(List.of(held), List.of(wanted)).isEmpty() && wanted.allows(request)) {
            assertThat(held.allows(request)).isTrue();
        }
    }

    @Property
    void everyRuleCoversItself(@ForAll("rules") Rule rule) {
        assertThat(Cover.missing(List.of(rule), List.of(rule))).isEmpty();
    }

    private static boolean modelAllows(Rule rule, Attributes request) {
        for (String verb : rule.verbs()) {
            for (String group : rule.apiGroups()) {
                for (String resource : rule.resources()) {
                    if (List.of("*", request.verb()).contains(verb)
                            && List.of("*", request.group()).contains(group)
                            && spellsOut(resource, request)
                            && (rule.resourceNames().isEmpty()
                                    || rule.resourceNames().stream()
                                            .anyMatch(request.name()::equals))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** All pairs of resource and subresource that a word means. */
    private static boolean spellsOut(String word, Attributes request) {
        for (String resource : RESOURCES) {
            for (String subresource : SUBRESOURCES) {
                String path = subresource.isEmpty() ? resource : resource + "/" + subresource;
                boolean meant =
                        word.equals("*")
                                || word.equals(path)
                                || (!subresource.isEmpty() && word.equals("*/" + subresource));
                if (meant
                        && resource.equals(request.resource())
                        && subresource.equals(request.subresource())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Provide
    Arbitrary<Rule> rules() {
        return Combinators.combine(
                        some("get", "list", "delete", "*"),
                        some("", "apps", "*"),
                        some("pods", "deployments", "pods/log", "*/scale", "*"),
                        Arbitraries.of("a", "b").list().uniqueElements().ofMaxSize(2))
                .as((verbs, groups, resources, names) ->
                        new Rule(verbs, groups, resources, names, List.of()));
    }

    @Provide
    Arbitrary<Attributes> requests() {
        UserInfo user = new UserInfo("alice", "", List.of(), Map.of());
        return Combinators.combine(
                        Arbitraries.of(VERBS),
                        Arbitraries.of(GROUPS),
                        Arbitraries.of(RESOURCES),
                        Arbitraries.of(SUBRESOURCES),
                        Arbitraries.of(NAMES))
                .as((verb, group, resource, subresource, name) ->
                        new Attributes(
                                user,
                                Tenant.SYSTEM,
                                verb,
                                group,
                                "v1",
                                resource,
                                subresource,
                                "web",
                                name,
                                ""));
    }

    private static Arbitrary<List<String>> some(String... words) {
        return Arbitraries.of(words).list().uniqueElements().ofMinSize(1).ofMaxSize(3);
    }
}
