package io.hypernetes.identity;

import io.hypernetes.api.access.Credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The two kinds of Authorization headers that there are here. */
public sealed interface AuthorizationHeader {

    /** RFC 6750; the text is a secret. */
    record Bearer(String token) implements AuthorizationHeader {
        @Override
        public String toString() {
            return "Bearer[withheld]";
        }
    }

    /** RFC 7617; a user name has no colon, a password may. */
    record Basic(String username, String password) implements AuthorizationHeader {
        @Override
        public String toString() {
            return "Basic[withheld]";
        }
    }

    String BEARER = "bearer ";
    String BASIC = "basic ";

    /** What is longer is not looked into. */
    int LONGEST = 8192;

    int LONGEST_BASIC = 4096;

    /** Empty for another kind, or a bearer token that is too long for any of ours. */
    static Optional<Bearer> bearer(Credentials credentials) {
        return credentials
                .authorization()
                .filter(header -> starts(header, BEARER) && header.length() <= LONGEST)
                .map(header -> new Bearer(header.substring(BEARER.length()).strip()));
    }

    /** Empty for another kind. Throws Unauthorized for one that cannot be read. */
    static Optional<Basic> basic(Credentials credentials) {
        return credentials
                .authorization()
                .filter(header -> starts(header, BASIC))
                .map(AuthorizationHeader::decode);
    }

    private static boolean starts(String header, String scheme) {
        return header.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static Basic decode(String header) {
        if (header.length() > LONGEST_BASIC) {
            throw Unauthorized.exception();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String text = new String(bytes, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw Unauthorized.exception();
            }
            return new Basic(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            throw Unauthorized.exception();
        }
    }
}
