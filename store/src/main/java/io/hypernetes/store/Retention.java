package io.hypernetes.store;

import java.time.Duration;

/**
 * How much history a store of this process keeps by itself.
 *
 * @param age a state that was replaced longer ago is forgotten
 * @param revisions and so is one that lies more revisions back
 */
public record Retention(Duration age, long revisions) {
    public static final Retention DEFAULT = new Retention(Duration.ofMinutes(10), 50_000);

    /** Keep everything until someone compacts. */
    public static final Retention FOREVER = new Retention(Duration.ofDays(36_500), Long.MAX_VALUE);
}
