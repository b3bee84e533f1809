package io.hypernetes.api.types.rbac;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;

/** RoleBindings and ClusterRoleBindings. */
public final class RoleBindingStrategy extends KindStrategy {

    private static final String RBAC = "rbac.authorization.k8s.io";

    private final boolean namespaced;
    private final List<String> roleKinds;

    public RoleBindingStrategy(Scope scope) {
        super(scope, Names::pathSegment);
        namespaced = scope == Scope.NAMESPACED;
        roleKinds = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
    }

    @Override
    public void applyDefaults(ObjectNode binding) {
        Trees.setDefault(Trees.child(binding, "roleRef"), "apiGroup", RBAC);
        for (ObjectNode subject : Trees.objects(binding.path("subjects"))) {
            switch (Trees.text(subject, "kind")) {
                case "User", "Group" -> Trees.setDefault(subject, "apiGroup", RBAC);
                default -> {}
            }
        }
    }

    @Override
    protected void rules(Field object) {
        ObjectNode binding = object.object();
        Errors errors = object.errors();
        errors.oneOf("roleRef.apiGroup", Trees.text(binding, "roleRef", "apiGroup"), List.of(RBAC));
        errors.oneOf("roleRef.kind", Trees.text(binding, "roleRef", "kind"), roleKinds);
        String role = Trees.text(binding, "roleRef", "name");
        if (role.isEmpty()) {
            errors.required("roleRef.name", "");
        } else {
            errors.form("roleRef.name", role, Names.pathSegment(role));
        }
        List<ObjectNode> subjects = Trees.objects(binding.path("subjects"));
        for (int i = 0; i < subjects.size(); i++) {
            subject("subjects[" + i + "]", subjects.get(i), errors);
        }
    }

    private void subject(String field, ObjectNode subject, Errors errors) {
        String name = Trees.text(subject, "name");
        String group = Trees.text(subject, "apiGroup");
        if (name.isEmpty()) {
            errors.required(field + ".name", "");
        }
        String kind = Trees.text(subject, "kind");
        switch (kind) {
            case "ServiceAccount" -> {
                if (!name.isEmpty()) {
                    errors.form(field + ".name", name, Names.dnsSubdomain(name));
                }
                errors.oneOf(field + ".apiGroup", group, List.of(""));
                // A RoleBinding's own namespace is meant when there is none.
                if (!namespaced && Trees.text(subject, "namespace").isEmpty()) {
                    errors.required(field + ".namespace", "");
                }
            }
            case "User", "Group" -> {
                if (name.isEmpty()) {
                    errors.invalidText(
                            field + ".name",
                            "",
                            kind.toLowerCase(Locale.ROOT) + " name cannot be empty");
                }
                errors.oneOf(field + ".apiGroup", group, List.of(RBAC));
            }
            default ->
                    errors.oneOf(field + ".kind", kind, List.of("ServiceAccount", "User", "Group"));
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode binding = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        if (!Json.same(binding.path("roleRef"), old.path("roleRef"))) {
            ObjectNode shown = Json.object();
            shown.put("APIGroup", Trees.text(binding, "roleRef", "apiGroup"));
            shown.put("Kind", Trees.text(binding, "roleRef", "kind"));
            shown.put("Name", Trees.text(binding, "roleRef", "name"));
            errors.invalid("roleRef", Json.text(shown), "cannot change roleRef");
        }
    }
}
