package io.hypernetes.api.access;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * What a request brought to prove who it is from.
 *
 * @param authorization the Authorization header
 * @param certificate the client certificate of the TLS connection, not yet checked against a CA
 */
public record Credentials(Optional<String> authorization, Optional<X509Certificate> certificate) {
    @Override
    public String toString() {
        return "Credentials[withheld]";
    }
}
