package io.hypernetes.store;

import java.util.List;

/**
 * @param revision the state these entries are of
 * @param entries in the order of their keys
 * @param more whether the limit cut the range short
 */
public record RangeResult(long revision, List<Entry> entries, boolean more) {}
