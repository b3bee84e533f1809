package io.hypernetes.store.encryption;

import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.StoreKey;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A value as it is stored: {@code enc1:}, the key's id, a colon, what is sealed. The storage key is
 * associated, so that a value that is copied to another key, another tenant's above all, does not
 * open there.
 */
final class Envelope {
    private static final byte[] MAGIC = "enc1:".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_LENGTH = 16;
    private static final int HEAD = MAGIC.length + ID_LENGTH + 1;

    private Envelope() {}

    /** No object begins like this: those are JSON. */
    static boolean isSealed(byte[] value) {
        return value.length > HEAD && Arrays.equals(value, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** All that is sealed, and what begins like it. */
    static boolean maybeSealed(ScannedEntry entry) {
        return entry.valueBegins(MAGIC);
    }

    static String keyId(byte[] value) {
        return new String(value, MAGIC.length, ID_LENGTH, StandardCharsets.US_ASCII);
    }

    static byte[] seal(StoreKey key, byte[] value, DataKey with) {
        byte[] sealed = Sealing.seal(with.secret(), value, key.bytes());
        byte[] stored = Arrays.copyOf(MAGIC, HEAD + sealed.length);
        byte[] id = with.id().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(id, 0, stored, MAGIC.length, ID_LENGTH);
        stored[HEAD - 1] = ':';
        System.arraycopy(sealed, 0, stored, HEAD, sealed.length);
        return stored;
    }

    static byte[] open(StoreKey key, byte[] value, DataKey with) {
        try {
            return Sealing.open(
                    with.secret(), Arrays.copyOfRange(value, HEAD, value.length), key.bytes());
        } catch (GeneralSecurityException e) {
            throw new EncryptionException(
                    "the value of "
                            + key
                            + " was changed or moved by other hands: it does not open",
                    e);
        }
    }

    /** Empty for a value that is not sealed. */
    static Optional<String> sealedWith(byte[] value) {
        return isSealed(value) ? Optional.of(keyId(value)) : Optional.empty();
    }
}
