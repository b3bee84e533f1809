package io.hypernetes.store.sqlite;

import io.hypernetes.store.Retention;

/**
 * @param retention how much history is kept
 * @param maxBytes the file grows no further; writes then fail as they do on a full disk, deletions
 *     and the forgetting of history make room again
 */
public record SqliteSettings(Retention retention, long maxBytes) {
    public static final SqliteSettings DEFAULT = new SqliteSettings(Retention.DEFAULT, 16L << 30);
}
