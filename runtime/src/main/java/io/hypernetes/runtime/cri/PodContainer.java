package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.log.ContainerLog;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A container of a sandbox. Its record changes only under the sandbox's lock. */
final class PodContainer {

    /** A second file of the same size may stand beside it. */
    private static final long MAX_LOG_BYTES = 32L << 20;

    private final OutputHub output;
    private final CompletableFuture<ContainerRecord> ended = new CompletableFuture<>();

    /** Volatile, as lists and status calls read it without the lock. */
    private volatile ContainerRecord record;

    PodContainer(ContainerRecord record) {
        this.record = record;
        this.output =
                new OutputHub(
                        record.logPath().isEmpty()
                                ? Optional.empty()
                                : Optional.of(
                                        new ContainerLog(
                                                Path.of(record.logPath()),
                                                MAX_LOG_BYTES,
                                                InstantSource.system())));
        if (record.exited()) {
            output.end();
            ended.complete(record);
        }
    }

    String id() {
        return record.id();
    }

    ContainerRecord record() {
        return record;
    }

    OutputHub output() {
        return output;
    }

    /** Completes when the container has ended or was removed. */
    CompletableFuture<ContainerRecord> ended() {
        return ended;
    }

    void set(ContainerRecord changed) {
        record = changed;
        if (changed.exited()) {
            ended.complete(changed);
        }
    }
}
