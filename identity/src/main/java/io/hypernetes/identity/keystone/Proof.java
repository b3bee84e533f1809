package io.hypernetes.identity.keystone;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** What somebody shows to Keystone; all of it is secret. */
public sealed interface Proof {

    /** The {@code identity} of {@code POST /auth/tokens}. */
    ObjectNode identity();

    /** Whom a password belongs to. */
    sealed interface Who {
        record Id(String id) implements Who {}

        /**
         * @param domain by name; empty for the one with {@code defaultDomain} as its id
         */
        record Name(String name, Optional<String> domain, String defaultDomain) implements Who {}

        private ObjectNode tree() {
            ObjectNode user = Json.object();
            switch (this) {
                case Id(String id) -> user.put("id", id);
                case Name(String name, Optional<String> domain, String byDefault) -> {
                    user.put("name", name);
                    ObjectNode tree = user.putObject("domain");
                    domain.ifPresentOrElse(
                            text -> tree.put("name", text), () -> tree.put("id", byDefault));
                }
            }
            return user;
        }
    }

    record Password(Who who, String password) implements Proof {
        @Override
        public ObjectNode identity() {
            ObjectNode identity = Json.object();
            identity.putArray("methods").add("password");
            ObjectNode user = who.tree().put("password", password);
            identity.putObject("password").set("user", user);
            return identity;
        }

        @Override
        public String toString() {
            return "Password[withheld]";
        }
    }

    /**
     * @param owner needed where the credential is named and not given by its id
     */
    record ApplicationCredential(String idOrName, Optional<Who> owner, String secret)
            implements Proof {
        @Override
        public ObjectNode identity() {
            ObjectNode identity = Json.object();
            identity.putArray("methods").add("application_credential");
            ObjectNode credential = identity.putObject("application_credential");
            credential.put(owner.isPresent() ? "name" : "id", idOrName).put("secret", secret);
            owner.ifPresent(who -> credential.set("user", who.tree()));
            return identity;
        }

        @Override
        public String toString() {
            return "ApplicationCredential[withheld]";
        }
    }

    record Token(String value) implements Proof {
        @Override
        public ObjectNode identity() {
            ObjectNode identity = Json.object();
            identity.putArray("methods").add("token");
            identity.putObject("token").put("id", value);
            return identity;
        }

        @Override
        public String toString() {
            return "Token[withheld]";
        }
    }
}
