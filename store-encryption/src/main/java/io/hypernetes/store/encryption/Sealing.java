package io.hypernetes.store.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM (NIST SP 800-38D) with associated data. Each message has a key of its own, derived
 * from the given one and 16 random bytes (HMAC-SHA-256), so that random nonces never run out
 * however much is written under one key.
 */
final class Sealing {
    static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Sealing() {}

    static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /** Salt, nonce, then what is encrypted with its tag. */
    static byte[] seal(byte[] key, byte[] plain, byte[] associated) {
        byte[] salt = random(SALT_BYTES);
        byte[] nonce = random(NONCE_BYTES);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, salt, nonce, associated).doFinal(plain);
            return ByteBuffer.allocate(SALT_BYTES + NONCE_BYTES + sealed.length)
                    .put(salt)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK does not encrypt", e);
        }
    }

    /**
     * @throws GeneralSecurityException when it was sealed with another key or other associated
     *     data, or changed since
     */
    static byte[] open(byte[] key, byte[] sealed, byte[] associated)
            throws GeneralSecurityException {
        if (sealed.length < SALT_BYTES + NONCE_BYTES) {
            throw new GeneralSecurityException("too short");
        }
        ByteBuffer in = ByteBuffer.wrap(sealed);
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(salt).get(nonce);
        return cipher(Cipher.DECRYPT_MODE, key, salt, nonce, associated)
                .doFinal(sealed, in.position(), in.remaining());
    }

    private static Cipher cipher(int mode, byte[] key, byte[] salt, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        Mac derivation = Mac.getInstance("HmacSHA256");
        derivation.init(new SecretKeySpec(key, "HmacSHA256"));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(derivation.doFinal(salt), "AES"),
                new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }
}
