package io.hypernetes.network.local;

import io.hypernetes.network.LocalPort;
import io.hypernetes.network.LocalService;

import java.util.List;

/** Opens what a network is served with, at this machine's own end of it. */
public interface LocalServer {

    /** Addresses that lead to it beside the local port's own. */
    default List<LocalService> addresses() {
        return List.of();
    }

    /** Returns when it serves; closing the result ends it. */
    AutoCloseable open(LocalPort port);
}
