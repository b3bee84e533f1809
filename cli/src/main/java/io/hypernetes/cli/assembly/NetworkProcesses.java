package io.hypernetes.cli.assembly;

import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;

/** The daemons of an installation's network, as another process sees them. */
public final class NetworkProcesses {

    private NetworkProcesses() {}

    /** Their pids by name; those that do not run are missing. */
    public static SequencedMap<String, Long> pids(Path data) {
        Path folder = data.resolve("ovn");
        if (!Files.isDirectory(folder)) {
            return new java.util.LinkedHashMap<>(Map.of());
        }
        SequencedMap<String, Long> pids;
        try (OvnDaemons daemons = new OvnDaemons(folder, Datapath.best())) {
            pids = daemons.pids();
        }
        pids.values().removeIf(pid -> pid < 0);
        return pids;
    }
}
