package io.hypernetes.store.encryption;

/**
 * One of a tenant's keys.
 *
 * @param id of 16 hexadecimal digits, is in each value that was sealed with it
 * @param cause why it was made: what asked for the rotation, empty for a tenant's first
 */
@SuppressWarnings("ArrayRecordComponent") // a secret is never compared or shown
record DataKey(String id, byte[] secret, String cause) {
    @Override
    public String toString() {
        return "DataKey[" + id + "]";
    }
}
