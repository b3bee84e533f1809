package io.hypernetes.identity.keystone;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Tells Keystone's tokens from others, so that a secret meant for somebody else stays here. */
final class TokenForm {

    /** The version byte 0x80 and the first bytes of a time of this century; base64url. */
    private static final Pattern FERNET = Pattern.compile("gAAAA[A-Za-z0-9_-]{60,2000}={0,2}");

    /** The provider {@code jws}. */
    private static final Pattern JWS =
            Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final String JWS_CLAIM = "\"openstack_methods\"";

    private TokenForm() {}

    static boolean isKeystone(String token) {
        return FERNET.matcher(token).matches()
                || (JWS.matcher(token).matches() && claims(token).contains(JWS_CLAIM));
    }

    private static String claims(String token) {
        try {
            String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
            return new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
