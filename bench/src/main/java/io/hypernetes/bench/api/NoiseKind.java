package io.hypernetes.bench.api;

/** What a loud tenant does ({@link Noise}), and by how many clients at once. */
enum NoiseKind {
    LISTS("lists of everything", 24, false),
    WATCHES("watch storm", 32, true),
    WRITES("3 MiB writes", 16, false),
    READERS("slow readers", 16, true),
    CONNECTIONS("connection flood", 12, true);

    private final String text;
    private final int clients;
    private final boolean connectsAnew;

    NoiseKind(String text, int clients, boolean connectsAnew) {
        this.text = text;
        this.clients = clients;
        this.connectsAnew = connectsAnew;
    }

    int clients() {
        return clients;
    }

    /** Whether each time has a connection of its own. */
    boolean connectsAnew() {
        return connectsAnew;
    }

    @Override
    public String toString() {
        return text;
    }
}
