package io.hypernetes.identity.rbac;

import io.hypernetes.api.access.UserInfo;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whom a binding names. A service account is the user that its tokens are. */
sealed interface Subject {

    record User(String name) implements Subject {
        @Override
        public String toString() {
            return "User \"" + name + "\"";
        }
    }

    record Group(String name) implements Subject {
        @Override
        public String toString() {
            return "Group \"" + name + "\"";
        }
    }

    /**
     * @param bindingNamespace where an account without a namespace is looked for
     * @return empty for a kind nobody knows: it matches no one
     */
    static Optional<Subject> of(JsonNode subject, String bindingNamespace) {
        String name = subject.path("name").asString("");
        return switch (subject.path("kind").asString("")) {
            case "User" -> Optional.of(new User(name));
            case "Group" -> Optional.of(new Group(name));
            case "ServiceAccount" -> {
                String own = subject.path("namespace").asString("");
                String namespace = own.isEmpty() ? bindingNamespace : own;
                yield namespace.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new User("system:serviceaccount:" + namespace + ":" + name));
            }
            default -> Optional.empty();
        };
    }

    /** All subjects that this user is. */
    static List<Subject> of(UserInfo user) {
        List<Subject> subjects = new ArrayList<>();
        subjects.add(new User(user.name()));
        user.groups().forEach(group -> subjects.add(new Group(group)));
        return subjects;
    }
}
