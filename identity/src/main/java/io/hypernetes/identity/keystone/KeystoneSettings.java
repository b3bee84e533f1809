package io.hypernetes.identity.keystone;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * @param url of the Identity API, with or without {@code /v3}
 * @param authorities whose certificates are believed, PEM; empty for those of this machine's Java
 * @param defaultDomain the id of the domain whose users are called by their bare name
 * @param fresh within this time a revocation is felt
 * @param grace how long those who were let in may go on while Keystone cannot be asked
 * @param patience for one call
 */
public record KeystoneSettings(
        URI url,
        Optional<String> authorities,
        String defaultDomain,
        Duration fresh,
        Duration grace,
        Duration patience) {

    public static final String DEFAULT_DOMAIN = "default";
    public static final Duration FRESH = Duration.ofSeconds(10);
    public static final Duration GRACE = Duration.ofMinutes(5);
    public static final Duration PATIENCE = Duration.ofSeconds(4);

    public KeystoneSettings {
        String scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("https") && !scheme.equals("http") || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "Keystone's URL is like https://HOST:5000/v3, not '" + url + "'");
        }
    }

    /** With what is usual. */
    public static KeystoneSettings of(URI url, Optional<String> authorities) {
        return new KeystoneSettings(url, authorities, DEFAULT_DOMAIN, FRESH, GRACE, PATIENCE);
    }

    /**
     * Groups and what they are part of grow old one after the other: together no more than asked.
     */
    Duration freshGroups() {
        return fresh.dividedBy(4);
    }

    Duration freshCredentials() {
        return fresh.minus(freshGroups());
    }

    /** The address of a call, for instance {@code /auth/tokens}. */
    URI call(String path) {
        String base = url.toString().replaceAll("/+$", "");
        return URI.create((base.endsWith("/v3") ? base : base + "/v3") + path);
    }
}
