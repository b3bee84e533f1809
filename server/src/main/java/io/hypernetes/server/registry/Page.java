package io.hypernetes.server.registry;

import java.util.List;

/**
 * A list, or a part of one.
 *
 * @param revision the state it is of; a watch from here misses nothing
 * @param continueToken empty after the last page
 * @param remaining how many objects come after this page; 0 when none or unknown
 */
public record Page(long revision, List<Served> items, String continueToken, long remaining) {
    /** Of all its objects. */
    public long bytes() {
        return items.stream().mapToLong(item -> item.bytes().length).sum();
    }
}
