package io.hypernetes.server.outbound;

import java.util.Arrays;
import java.util.Locale;

/** Where the host connects to for a tenant that wrote a URL down, of a webhook for instance. */
public enum TenantUrls {
    /** Nowhere: a tenant's webhook is a service of its world. */
    NONE,

    /** To addresses that are anybody's. */
    PUBLIC,

    /** To all, loopback and a cloud's metadata included. */
    ALL;

    /** Throws IllegalArgumentException that names all there are. */
    public static TenantUrls of(String text) {
        return Arrays.stream(values())
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "'" + text + "' is none of none, public, all"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
