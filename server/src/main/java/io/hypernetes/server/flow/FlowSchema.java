package io.hypernetes.server.flow;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.server.request.RequestInfo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which requests are of a level, and what tells their flows apart.
 *
 * @param by {@code ByUser}, {@code ByNamespace}, or empty: one flow for all
 */
record FlowSchema(
        String name, String uid, int precedence, PriorityLevel level, String by, List<Rule> rules) {

    /** In this order they are asked. */
    static final Comparator<FlowSchema> ORDER =
            Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name);

    static final String EVERY = "*";

    record Rule(List<FlowSubject> subjects, List<Resources> resources, List<Paths> paths) {
        static Rule of(JsonNode rule) {
            return new Rule(
                    rule.path("subjects").valueStream().map(FlowSubject::of).toList(),
                    rule.path("resourceRules").valueStream().map(Resources::of).toList(),
                    rule.path("nonResourceRules").valueStream().map(Paths::of).toList());
        }

        boolean matches(UserInfo user, RequestInfo request) {
            return any(subjects, subject -> subject.matches(user))
                    && (request.isResource()
                            ? any(resources, r -> r.matches(request))
                            : any(paths, p -> p.matches(request)));
        }
    }

    record Resources(
            Set<String> verbs,
            Set<String> groups,
            Set<String> resources,
            Set<String> namespaces,
            boolean clusterScope) {
        static Resources of(JsonNode rule) {
            return new Resources(
                    texts(rule.path("verbs")),
                    texts(rule.path("apiGroups")),
                    texts(rule.path("resources")),
                    texts(rule.path("namespaces")),
                    rule.path("clusterScope").asBoolean(false));
        }

        boolean matches(RequestInfo request) {
            String resource =
                    request.subresource().isEmpty()
                            ? request.resource()
                            : request.resource() + "/" + request.subresource();
            return holds(verbs, request.verb())
                    && holds(groups, request.group())
                    && holds(resources, resource)
                    && (request.namespace().isEmpty()
                            ? clusterScope
                            : holds(namespaces, request.namespace()));
        }
    }

    record Paths(Set<String> verbs, Set<String> paths) {
        static Paths of(JsonNode rule) {
            return new Paths(texts(rule.path("verbs")), texts(rule.path("nonResourceURLs")));
        }

        boolean matches(RequestInfo request) {
            return holds(verbs, request.verb()) && any(paths, path -> covers(path, request.path()));
        }

        private static boolean covers(String path, String asked) {
            return path.endsWith(EVERY)
                    ? asked.startsWith(path.substring(0, path.length() - 1))
                    : path.equals(asked);
        }
    }

    static FlowSchema of(ObjectNode object, PriorityLevel level) {
        JsonNode spec = object.path("spec");
        List<Rule> rules = new ArrayList<>();
        spec.path("rules").forEach(rule -> rules.add(Rule.of(rule)));
        return new FlowSchema(
                Metadata.name(object),
                Metadata.uid(object),
                spec.path("matchingPrecedence").asInt(0),
                level,
                spec.path("distinguisherMethod").path("type").asString(""),
                List.copyOf(rules));
    }

    static String level(ObjectNode object) {
        return object.path("spec").path("priorityLevelConfiguration").path("name").asString("");
    }

    boolean matches(UserInfo user, RequestInfo request) {
        return any(rules, rule -> rule.matches(user, request));
    }

    /** Every request is looked at by many of these: no streams. */
    private static <T> boolean any(Collection<T> all, Predicate<T> matches) {
        for (T one : all) {
            if (matches.test(one)) {
                return true;
            }
        }
        return false;
    }

    Flow flow(UserInfo user, RequestInfo request) {
        String distinguisher =
                switch (by) {
                    case "ByUser" -> name + "/" + user.name();
                    case "ByNamespace" -> name + "/" + request.namespace();
                    default -> name;
                };
        return new Flow(uid, level, distinguisher);
    }

    private static Set<String> texts(JsonNode list) {
        return Set.copyOf(list.valueStream().map(text -> text.asString("")).toList());
    }

    private static boolean holds(Set<String> texts, String text) {
        return texts.contains(EVERY) || texts.contains(text);
    }
}
