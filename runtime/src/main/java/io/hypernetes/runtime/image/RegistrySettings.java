package io.hypernetes.runtime.image;

import java.util.Set;

/**
 * How to reach registries.
 *
 * @param insecure registries (host, with port if there is one) spoken to in plain HTTP; those on
 *     this machine (localhost, loopback addresses) always are
 */
public record RegistrySettings(Set<String> insecure) {

    public static final RegistrySettings DEFAULT = new RegistrySettings(Set.of());

    public RegistrySettings {
        insecure = Set.copyOf(insecure);
    }

    boolean plain(String registry) {
        String host =
                registry.startsWith("[")
                        ? registry.substring(0, registry.indexOf(']') + 1)
                        : registry.replaceFirst(":[0-9]+$", "");
        return insecure.contains(registry)
                || host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
