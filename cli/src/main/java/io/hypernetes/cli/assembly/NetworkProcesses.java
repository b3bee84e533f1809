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
        // Not closed: closing would tell the daemons' keeper to let go, and this is not the keeper.
        return new OvnDaemons(folder, Datapath.best()).pids();
    }
}
