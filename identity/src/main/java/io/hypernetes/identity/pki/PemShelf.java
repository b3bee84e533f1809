package io.hypernetes.identity.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where an authority keeps keys and certificates, by name. */
interface PemShelf {

    boolean has(String name);

    /** Throws a PkiException when it cannot be read. */
    X509Certificate certificate(String name);

    /** Throws a PkiException when it cannot be read. */
    PrivateKey key(String name);

    void put(String name, X509Certificate certificate);

    void put(String name, PrivateKey key);

    /** Kept as long as the program lives; nothing is written anywhere. */
    final class InMemory implements PemShelf {
        private final Map<String, X509Certificate> certificates = new ConcurrentHashMap<>();
        private final Map<String, PrivateKey> keys = new ConcurrentHashMap<>();

        @Override
        public boolean has(String name) {
            return certificates.containsKey(name) || keys.containsKey(name);
        }

        @Override
        public X509Certificate certificate(String name) {
            return present(certificates, name);
        }

        @Override
        public PrivateKey key(String name) {
            return present(keys, name);
        }

        @Override
        public void put(String name, X509Certificate certificate) {
            certificates.put(name, certificate);
        }

        @Override
        public void put(String name, PrivateKey key) {
            keys.put(name, key);
        }

        private static <T> T present(Map<String, T> values, String name) {
            T value = values.get(name);
            if (value == null) {
                throw new PkiException("no " + name + " has been made");
            }
            return value;
        }
    }
}
