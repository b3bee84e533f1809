package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Users: members of tenants. */
public final class UserStrategy extends KindStrategy {

    public UserStrategy() {
        super(Scope.CLUSTER, UserStrategy::name);
    }

    /** {@code alice@domain} is how users of another identity service are called. */
    private static List<String> name(String name) {
        List<String> errors = new ArrayList<>();
        if (name.contains("@")) {
            errors.add("may not contain '@'");
        }
        errors.addAll(Names.dnsSubdomain(name));
        return List.copyOf(errors);
    }

    @Override
    public void applyDefaults(ObjectNode user) {
        for (ObjectNode tenant : Trees.objects(Trees.at(user, "spec", "tenants"))) {
            Trees.setDefault(tenant, "role", "member");
        }
    }

    @Override
    protected void rules(Field object) {
        ObjectNode user = object.object();
        Errors errors = object.errors();
        List<ObjectNode> tenants = Trees.objects(Trees.at(user, "spec", "tenants"));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < tenants.size(); i++) {
            String field = "spec.tenants[" + i + "]";
            String name = Trees.text(tenants.get(i), "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else {
                errors.form(field + ".name", name, Names.dnsLabel(name));
            }
            if (!names.add(name)) {
                errors.add(FieldError.duplicate(field, name));
            }
            errors.oneOf(
                    field + ".role",
                    Trees.text(tenants.get(i), "role"),
                    List.of("admin", "member", "reader"));
        }
        String preferred = Trees.text(user, "spec", "defaultTenant");
        if (!preferred.isEmpty() && !names.contains(preferred)) {
            errors.invalidText(
                    "spec.defaultTenant", preferred, "must be one of the user's tenants");
        }
    }
}
