package io.hypernetes.api.access;

import io.hypernetes.api.Tenant;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a request brought to prove who it is from.
 *
 * @param authorization the Authorization header
 * @param certificate the client certificate of the TLS connection, not yet checked against a CA
 * @param wanted the tenant that the path names: a wish, for authenticators that must ask elsewhere
 *     for rights in that one tenant; whether it is granted, the identity says
 */
public record Credentials(
        Optional<String> authorization,
        Optional<X509Certificate> certificate,
        Optional<Tenant> wanted) {

    public Credentials(Optional<String> authorization, Optional<X509Certificate> certificate) {
        this(authorization, certificate, Optional.empty());
    }

    @Override
    public String toString() {
        return "Credentials[withheld]";
    }
}
