package io.hypernetes.cli.assembly;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param policy empty: nothing is audited
 * @param log empty: beside the server's own log
 * @param mostBytes size at which the file is put aside
 * @param backups how many of those are kept
 */
public record AuditConfig(Optional<Path> policy, Optional<Path> log, long mostBytes, int backups) {

    public static final AuditConfig NONE =
            new AuditConfig(Optional.empty(), Optional.empty(), 1 << 20, 0);
}
