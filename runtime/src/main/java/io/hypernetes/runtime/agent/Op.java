package io.hypernetes.runtime.agent;

/** What the agent can be asked; the code is the first byte of a request. */
enum Op {
    CONFIGURE(1),
    MEMORY_VOLUME(2),
    DISK_VOLUME(3),
    UNMOUNT(4),
    FILES(5),
    CREATE(6),
    START(7),
    SIGNAL(8),
    REMOVE(9),
    LIST(10),
    ATTACH(11),
    EXEC(12),
    PROBE_HTTP(13),
    PROBE_TCP(14),
    CONNECT(15),
    STATS(16),
    CLOCK(17),
    POWER_OFF(18),
    CONTAINER_RESIZE(19),
    LAST_WORDS(20),
    LIMIT(21),
    GROW(22),
    SYSCTLS(23),
    RAW_VOLUME(24),
    IMAGE_VOLUME(25),
    READ_FILE(26);

    private final int code;

    Op(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
