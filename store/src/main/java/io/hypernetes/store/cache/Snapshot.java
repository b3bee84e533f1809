package io.hypernetes.store.cache;

import java.util.List;

/**
 * A list as it was at one revision.
 *
 * @param revision a watch from here misses nothing
 * @param entries in the order of their keys
 * @param remaining how many of the range come after the last entry; 0 when the limit cut nothing
 */
public record Snapshot<A>(long revision, List<CacheEntry<A>> entries, long remaining) {}
