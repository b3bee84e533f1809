package io.hypernetes.runtime.agent;

import java.time.Instant;
import java.util.Optional;

/**
 * What the guest says of a container.
 *
 * @param startedAt empty before the start
 * @param exit empty before the end
 */
public record ContainerStatus(String id, Optional<Instant> startedAt, Optional<Exit> exit) {

    /**
     * @param code the process' own, or 128 + signal
     * @param oomKilled whether the memory limit ended it
     */
    public record Exit(int code, boolean oomKilled, Instant at) {}

    public boolean running() {
        return startedAt.isPresent() && exit.isEmpty();
    }
}
