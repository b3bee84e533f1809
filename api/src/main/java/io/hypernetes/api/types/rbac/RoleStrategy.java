package io.hypernetes.api.types.rbac;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Roles and ClusterRoles. */
public final class RoleStrategy extends KindStrategy {

    private final boolean namespaced;

    public RoleStrategy(Scope scope) {
        super(scope, Names::pathSegment);
        namespaced = scope == Scope.NAMESPACED;
    }

    @Override
    protected void rules(Field object) {
        ObjectNode role = object.object();
        Errors errors = object.errors();
        List<ObjectNode> rules = Trees.objects(role.path("rules"));
        for (int i = 0; i < rules.size(); i++) {
            rule("rules[" + i + "]", rules.get(i), errors);
        }
        Field aggregation = object.at("aggregationRule");
        if (!namespaced && aggregation.isSet()) {
            Field selectors = aggregation.at("clusterRoleSelectors");
            selectors.required(
                    "at least one clusterRoleSelector required if aggregationRule is non-nil");
            for (Field selector : selectors.items()) {
                SelectorRules.check(selector);
                if (SelectorRules.parse(selector).isEmpty()) {
                    selector.invalid(NullNode.getInstance(), "invalid label selector.");
                }
            }
        }
    }

    private void rule(String field, ObjectNode rule, Errors errors) {
        if (rule.path("verbs").isEmpty()) {
            errors.required(field + ".verbs", "verbs must contain at least one value");
        }
        if (!rule.path("nonResourceURLs").isEmpty()) {
            String urls = Json.text(rule.path("nonResourceURLs"));
            if (namespaced) {
                errors.invalid(
                        field + ".nonResourceURLs",
                        urls,
                        "namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.path("apiGroups").isEmpty()
                    || !rule.path("resources").isEmpty()
                    || !rule.path("resourceNames").isEmpty()) {
                errors.invalid(
                        field + ".nonResourceURLs",
                        urls,
                        "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.path("apiGroups").isEmpty()) {
            errors.required(
                    field + ".apiGroups", "resource rules must supply at least one api group");
        }
        if (rule.path("resources").isEmpty()) {
            errors.required(
                    field + ".resources", "resource rules must supply at least one resource");
        }
    }
}
