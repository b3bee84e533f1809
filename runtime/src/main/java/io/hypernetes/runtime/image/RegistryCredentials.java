package io.hypernetes.runtime.image;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What to show a registry. The text form hides the secret. */
public sealed interface RegistryCredentials {

    /** Nothing. */
    record Anonymous() implements RegistryCredentials {}

    /** A user and password, to the registry or to the token service it names. */
    record Password(String user, String password) implements RegistryCredentials {

        String basic() {
            return "Basic "
                    + Base64.getEncoder()
                            .encodeToString(
                                    (user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Password[" + user + "]";
        }
    }

    /** A token for the registry itself. */
    record Token(String token) implements RegistryCredentials {

        @Override
        public String toString() {
            return "Token";
        }
    }
}
