package io.hypernetes.cli.assembly;

import io.hypernetes.cli.admin.AdminException;
import io.hypernetes.cli.admin.AdminSocket;
import io.hypernetes.cli.admin.RestoreRequest;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.store.Store;
import io.hypernetes.store.sqlite.SqliteBackup;
import io.hypernetes.store.sqlite.SqliteStore;
import io.hypernetes.store.sqlite.StagedCopy;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Restores a copy in the running server. What takes long, the check of the copy and bringing it
 * beside the store, is done while writes go on.
 */
final class LiveRestore implements AdminSocket.Restorer {
    private final Store store;
    private final ControlPlane plane;

    LiveRestore(Store store, ControlPlane plane) {
        this.store = store;
        this.plane = plane;
    }

    @Override
    public String restore(RestoreRequest request) throws InterruptedException {
        if (!(store instanceof SqliteStore sqlite)) {
            throw new AdminException(
                    "the running server does not keep its state in a file: there is nothing to"
                            + " restore a copy into");
        }
        if (!sqlite.file().toAbsolutePath().normalize().equals(request.store())) {
            throw new AdminException(
                    "the running server keeps its state in "
                            + sqlite.file()
                            + ", not in "
                            + request.store()
                            + ": name that with --store, or stop the server");
        }
        try (StagedCopy copy = sqlite.stage(request.source())) {
            AtomicReference<SqliteBackup.Restored> restored = new AtomicReference<>();
            plane.replaceState(() -> {
                restored.set(sqlite.replace(copy));
                return restored.get().revision();
            });
            return "restored the state of revision %d; the server goes on at revision %d"
                    .formatted(restored.get().copied(), restored.get().revision());
        }
    }
}
