package io.hypernetes.api.client;

import java.util.Optional;

/** What becomes of the objects that a deleted object owns. */
public enum Propagation {
    /** The owner goes at once, what it owns later. */
    BACKGROUND("Background"),
    /** The owner goes after everything it owns that blocks its deletion. */
    FOREGROUND("Foreground"),
    /** What it owns stays and forgets it. */
    ORPHAN("Orphan");

    /** Holds an owner until what it owns is gone. */
    public static final String FOREGROUND_FINALIZER = "foregroundDeletion";

    /** Holds an owner until what it owns has forgotten it. */
    public static final String ORPHAN_FINALIZER = "orphan";

    private final String text;

    Propagation(String text) {
        this.text = text;
    }

    /** As {@code DeleteOptions.propagationPolicy} spells it. */
    public String text() {
        return text;
    }

    /** Empty when there is no such policy. */
    public static Optional<Propagation> of(String text) {
        for (Propagation policy : values()) {
            if (policy.text.equals(text)) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }
}
