package io.hypernetes.server.flow;

import io.hypernetes.api.access.UserInfo;

import tools.jackson.databind.JsonNode;

/** Whose requests a schema is for. */
sealed interface FlowSubject {

    boolean matches(UserInfo user);

    record User(String name) implements FlowSubject {
        @Override
        public boolean matches(UserInfo user) {
            return name.equals(FlowSchema.EVERY) || name.equals(user.name());
        }
    }

    record Group(String name) implements FlowSubject {
        @Override
        public boolean matches(UserInfo user) {
            return name.equals(FlowSchema.EVERY) || user.in(name);
        }
    }

    record ServiceAccount(String namespace, String name) implements FlowSubject {
        @Override
        public boolean matches(UserInfo user) {
            String all = "system:serviceaccount:" + namespace + ":";
            return name.equals(FlowSchema.EVERY)
                    ? user.name().startsWith(all)
                    : user.name().equals(all + name);
        }
    }

    static FlowSubject of(JsonNode subject) {
        return switch (subject.path("kind").asString("")) {
            case "User" -> new User(subject.path("user").path("name").asString(""));
            case "Group" -> new Group(subject.path("group").path("name").asString(""));
            default ->
                    new ServiceAccount(
                            subject.path("serviceAccount").path("namespace").asString(""),
                            subject.path("serviceAccount").path("name").asString(""));
        };
    }
}
