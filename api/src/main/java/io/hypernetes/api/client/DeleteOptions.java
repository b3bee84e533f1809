package io.hypernetes.api.client;

import java.util.OptionalLong;

/**
 * @param gracePeriodSeconds 0 removes at once (finalizers still hold)
 * @param uid only delete this incarnation, empty for any
 */
public record DeleteOptions(OptionalLong gracePeriodSeconds, String uid) {
    public static final DeleteOptions DEFAULT = new DeleteOptions(OptionalLong.empty(), "");
    public static final DeleteOptions NOW = new DeleteOptions(OptionalLong.of(0), "");
}
