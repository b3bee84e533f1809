package io.hypernetes.server.http;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the listener proves itself with.
 *
 * @param certificates the server's chain, its own first
 * @param clientAuthorities whose client certificates are asked for. They are not checked here:
 *     authentication does, so that a wrong certificate is a 401 and no broken connection.
 */
public record TlsMaterial(
        List<X509Certificate> certificates,
        PrivateKey key,
        List<X509Certificate> clientAuthorities) {
    @Override
    public String toString() {
        return "TlsMaterial[withheld]";
    }
}
