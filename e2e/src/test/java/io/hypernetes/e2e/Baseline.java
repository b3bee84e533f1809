package io.hypernetes.e2e;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What this machine had before the installation came. */
final class Baseline {

    private static final AtomicReference<@Nullable Leftovers> BEFORE = new AtomicReference<>();

    private static final AtomicReference<Set<String>> TAPS = new AtomicReference<>(Set.of());

    private Baseline() {}

    static void take(Cloud cloud) {
        BEFORE.set(Leftovers.now(cloud.data()));
        TAPS.set(Leftovers.taps());
    }

    static Set<String> taps() {
        return TAPS.get();
    }

    static Leftovers before() {
        Leftovers before = BEFORE.get();
        if (before == null) {
            throw new IllegalStateException("the tour was not begun at its beginning");
        }
        return before;
    }
}
