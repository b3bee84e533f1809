package io.hypernetes.cli;

import io.hypernetes.cli.assembly.AuditConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is kept of requests, named as kube-apiserver's flags. */
final class AuditOptions {

    @Option(
            names = "--audit-policy-file",
            paramLabel = "FILE",
            description = "Policy of audit.k8s.io/v1: which requests are audited (default: none).")
    private @Nullable Path policy;

    @Option(
            names = "--audit-log-path",
            paramLabel = "FILE",
            description = "Where audit events go (default: log/audit.log in the data folder).")
    private @Nullable Path log;

    @Option(
            names = "--audit-log-maxsize",
            paramLabel = "MIB",
            description = "Size at which the file is put aside (default: ${DEFAULT-VALUE}).",
            defaultValue = "100")
    private int maxSize = 100;

    @Option(
            names = "--audit-log-maxbackup",
            paramLabel = "N",
            description = "How many files put aside are kept (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int maxBackup = 10;

    AuditConfig config() {
        if (maxSize < 1 || maxBackup < 0) {
            throw new CommandException(
                    "--audit-log-maxsize must be at least 1 and --audit-log-maxbackup at least 0.");
        }
        return new AuditConfig(
                Optional.ofNullable(policy).map(Path::toAbsolutePath),
                Optional.ofNullable(log).map(Path::toAbsolutePath),
                (long) maxSize << 20,
                maxBackup);
    }

    List<String> arguments() {
        AuditConfig config = config();
        List<String> arguments = new ArrayList<>();
        config.policy()
                .ifPresent(
                        file -> arguments.addAll(List.of("--audit-policy-file", file.toString())));
        config.log()
                .ifPresent(file -> arguments.addAll(List.of("--audit-log-path", file.toString())));
        arguments.addAll(List.of("--audit-log-maxsize", Integer.toString(maxSize)));
        arguments.addAll(List.of("--audit-log-maxbackup", Integer.toString(maxBackup)));
        return arguments;
    }
}
