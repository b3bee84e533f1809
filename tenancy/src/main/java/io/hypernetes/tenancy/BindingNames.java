package io.hypernetes.tenancy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names of objects that are made of a user name, which may have any character. */
final class BindingNames {

    private static final int LONGEST = 200;

    private BindingNames() {}

    /**
     * For RBAC objects, whose names may have any character but slash and percent (they are a
     * segment of a path): those are spelled {@code ~2f} and {@code ~25}, and the tilde itself
     * {@code ~7e}, so that two users never share a name.
     */
    static String of(String username, String suffix) {
        StringBuilder name = new StringBuilder();
        username.codePoints()
                .forEach(c -> {
                    if (c == '/' || c == '%' || c == '~' || Character.isISOControl(c)) {
                        name.append(String.format(Locale.ROOT, "~%02x", c));
                    } else {
                        name.appendCodePoint(c);
                    }
                });
        return (name.length() <= LONGEST ? name.toString() : "~" + hash(username)) + suffix;
    }

    /** For objects whose names are DNS names: what is readable of it, and a hash. */
    static String dns(String username) {
        String readable =
                username.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        String shortened = readable.substring(0, Math.min(40, readable.length()));
        return "user-" + (shortened.isEmpty() ? "" : shortened + "-") + hash(username);
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
