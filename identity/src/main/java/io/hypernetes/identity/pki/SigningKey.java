package io.hypernetes.identity.pki;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/** A P-256 key pair that signs tokens. */
public record SigningKey(ECPrivateKey privateKey, ECPublicKey publicKey) {

    /** The key in {@code file}, made when there is none. */
    public static SigningKey open(Path file) {
        if (!Files.exists(file)) {
            Pem.write(file, Pem.of(EllipticKeys.generate().getPrivate()));
        }
        if (Pem.readKey(file) instanceof ECPrivateKey key) {
            return new SigningKey(key, EllipticKeys.publicKey(key));
        }
        throw new PkiException(file + " is no key on an elliptic curve");
    }

    @Override
    public String toString() {
        return "SigningKey[withheld]";
    }
}
