package io.hypernetes.identity.password;

import com.password4j.Argon2Function;
import com.password4j.BcryptFunction;
import com.password4j.Password;
import com.password4j.types.Argon2;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * Slow, salted hashes of passwords: argon2id is made (RFC 9106, with the parameters that OWASP
 * gives for servers), argon2 and bcrypt are understood.
 */
public final class PasswordHash {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int ITERATIONS = 2;
    private static final int LANES = 1;
    private static final int LENGTH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private PasswordHash() {}

    /** A new hash with a new salt, as text that says how it was made. */
    public static String of(String password) {
        return Password.hash(password)
                .addRandomSalt(SALT_BYTES)
                .with(
                        Argon2Function.getInstance(
                                MEMORY_KIB, ITERATIONS, LANES, LENGTH_BYTES, Argon2.ID))
                .getResult();
    }

    /**
     * A hash that no password is known for, made without the cost of hashing; to check a password
     * against it costs what a real check does.
     */
    static String ofNobody() {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[SALT_BYTES];
        byte[] hash = new byte[LENGTH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        MEMORY_KIB,
                        ITERATIONS,
                        LANES,
                        text.encodeToString(salt),
                        text.encodeToString(hash));
    }

    /** Takes some 50 ms and 20 MiB on purpose. A hash that is no hash fits no password. */
    public static boolean fits(String password, String hash) {
        try {
            if (hash.startsWith("$argon2")) {
                return Password.check(password, hash)
                        .with(Argon2Function.getInstanceFromHash(hash));
            }
            return hash.startsWith("$2")
                    && Password.check(password, hash)
                            .with(BcryptFunction.getInstanceFromHash(hash));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
