package io.hypernetes.bench.api;

import java.time.Duration;

/** What a loud tenant does ({@link Noise}), and by how many clients at once. */
enum NoiseKind {
    LISTS("lists of everything", 24, false, Duration.ZERO),
    WATCHES("watch storm", 32, true, Duration.ZERO),
    WRITES("3 MiB writes", 16, false, Duration.ZERO),
    READERS("slow readers", 16, true, Duration.ZERO),

    /**
     * A thousand a second. As many as a client can make keep both processors of a small machine
     * busy by themselves, and it is their maker that the quiet tenant waits for then.
     */
    CONNECTIONS("connection flood", 12, true, Duration.ofMillis(12));

    private final String text;
    private final int clients;
    private final boolean connectsAnew;
    private final Duration pause;

    NoiseKind(String text, int clients, boolean connectsAnew, Duration pause) {
        this.text = text;
        this.clients = clients;
        this.connectsAnew = connectsAnew;
        this.pause = pause;
    }

    int clients() {
        return clients;
    }

    /** Whether each time has a connection of its own. */
    boolean connectsAnew() {
        return connectsAnew;
    }

    /** Of a client, before it connects again. */
    Duration pause() {
        return pause;
    }

    @Override
    public String toString() {
        return text;
    }
}
