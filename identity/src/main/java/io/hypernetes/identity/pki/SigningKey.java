package io.hypernetes.identity.pki;

import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/** A P-256 key pair that signs tokens. */
public record SigningKey(ECPrivateKey privateKey, ECPublicKey publicKey) {

    /** The key in {@code file}, made when there is none. */
    public static SigningKey open(Path file) {
        return on(
                new PemFolder(Optional.ofNullable(file.getParent()).orElse(Path.of("."))),
                file.getFileName().toString());
    }

    /** The key of that name, made when there is none. */
    static SigningKey on(PemShelf shelf, String name) {
        if (!shelf.has(name)) {
            shelf.put(name, EllipticKeys.generate().getPrivate());
        }
        if (shelf.key(name) instanceof ECPrivateKey key) {
            return new SigningKey(key, EllipticKeys.publicKey(key));
        }
        throw new PkiException(name + " is no key on an elliptic curve");
    }

    @Override
    public String toString() {
        return "SigningKey[withheld]";
    }
}
