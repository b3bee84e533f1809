package io.hypernetes.api.client;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * @param gracePeriodSeconds 0 removes at once (finalizers still hold)
 * @param uid only delete this incarnation, empty for any
 * @param resourceVersion only delete this version, empty for any
 * @param propagation what becomes of dependents; empty for the type's default
 */
public record DeleteOptions(
        OptionalLong gracePeriodSeconds,
        String uid,
        String resourceVersion,
        Optional<Propagation> propagation) {
    public static final DeleteOptions DEFAULT = new DeleteOptions(OptionalLong.empty(), "");
    public static final DeleteOptions NOW = new DeleteOptions(OptionalLong.of(0), "");

    public DeleteOptions(OptionalLong gracePeriodSeconds, String uid) {
        this(gracePeriodSeconds, uid, "", Optional.empty());
    }

    /** The same for one incarnation alone. */
    public DeleteOptions onlyUid(String incarnation) {
        return new DeleteOptions(gracePeriodSeconds, incarnation, resourceVersion, propagation);
    }

    /** The same for one version alone. */
    public DeleteOptions onlyVersion(String version) {
        return new DeleteOptions(gracePeriodSeconds, uid, version, propagation);
    }

    public DeleteOptions with(Propagation policy) {
        return new DeleteOptions(gracePeriodSeconds, uid, resourceVersion, Optional.of(policy));
    }
}
