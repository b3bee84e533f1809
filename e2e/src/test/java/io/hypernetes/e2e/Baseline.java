package io.hypernetes.e2e;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/** What this machine had before the installation came. */
final class Baseline {

    private static final AtomicReference<@Nullable Leftovers> BEFORE = new AtomicReference<>();

    private Baseline() {}

    static void take(Cloud cloud) {
        BEFORE.set(Leftovers.now(cloud.data()));
    }

    static Leftovers before() {
        Leftovers before = BEFORE.get();
        if (before == null) {
            throw new IllegalStateException("the tour was not begun at its beginning");
        }
        return before;
    }
}
