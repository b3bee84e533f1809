package io.hypernetes.runtime.agent;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Linux capabilities; the ordinal is the kernel's number (capability.h). */
public enum Capability {
    CHOWN,
    DAC_OVERRIDE,
    DAC_READ_SEARCH,
    FOWNER,
    FSETID,
    KILL,
    SETGID,
    SETUID,
    SETPCAP,
    LINUX_IMMUTABLE,
    NET_BIND_SERVICE,
    NET_BROADCAST,
    NET_ADMIN,
    NET_RAW,
    IPC_LOCK,
    IPC_OWNER,
    SYS_MODULE,
    SYS_RAWIO,
    SYS_CHROOT,
    SYS_PTRACE,
    SYS_PACCT,
    SYS_ADMIN,
    SYS_BOOT,
    SYS_NICE,
    SYS_RESOURCE,
    SYS_TIME,
    SYS_TTY_CONFIG,
    MKNOD,
    LEASE,
    AUDIT_WRITE,
    AUDIT_CONTROL,
    SETFCAP,
    MAC_OVERRIDE,
    MAC_ADMIN,
    SYSLOG,
    WAKE_ALARM,
    BLOCK_SUSPEND,
    AUDIT_READ,
    PERFMON,
    BPF,
    CHECKPOINT_RESTORE;

    /** The set a container has without asking. */
    public static final Set<Capability> DEFAULTS =
            Collections.unmodifiableSet(
                    EnumSet.of(
                            CHOWN,
                            DAC_OVERRIDE,
                            FSETID,
                            FOWNER,
                            MKNOD,
                            NET_RAW,
                            SETGID,
                            SETUID,
                            SETFCAP,
                            SETPCAP,
                            NET_BIND_SERVICE,
                            SYS_CHROOT,
                            KILL,
                            AUDIT_WRITE));

    /** By its name with or without {@code CAP_}, in any case. */
    public static Optional<Capability> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("CAP_") ? upper.substring(4) : upper;
        for (Capability capability : values()) {
            if (capability.name().equals(bare)) {
                return Optional.of(capability);
            }
        }
        return Optional.empty();
    }

    static long mask(Set<Capability> capabilities) {
        long mask = 0;
        for (Capability capability : capabilities) {
            mask |= 1L << capability.number();
        }
        return mask;
    }

    @SuppressWarnings("EnumOrdinal") // the order is the kernel's, that is what the type is about
    private int number() {
        return ordinal();
    }
}
