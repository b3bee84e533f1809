package io.hypernetes.store.encryption;

import java.util.Map;

/** Who keeps the key that the master key lies under, such as a KMS plug-in. */
public interface KeyService {

    /**
     * @param keyId which of the service's keys it is sealed with
     * @param annotations the service's own notes, given back to it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed through, never compared
    record Sealed(byte[] bytes, String keyId, Map<String, byte[]> annotations) {}

    /** Throws EncryptionException when it cannot be asked. */
    Sealed seal(byte[] secret);

    /** Throws EncryptionException when it cannot be asked, or refuses. */
    byte[] open(Sealed sealed);

    /** The key that {@link #seal} uses now; when it changes, what is sealed is sealed anew. */
    String keyId();
}
