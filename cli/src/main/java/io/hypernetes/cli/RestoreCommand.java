package io.hypernetes.cli;

import io.hypernetes.cli.admin.AdminClient;
import io.hypernetes.cli.admin.AdminException;
import io.hypernetes.cli.admin.RestoreRequest;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.sqlite.SqliteBackup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code hypernetes restore FILE}. */
@Command(
        name = "restore",
        description =
                "Put a copy made by backup in the place of the state, also while the server runs;"
                        + " what was there is kept beside it (.replaced).",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private StoreOptions store = new StoreOptions();

    @Parameters(paramLabel = "FILE", description = "Made by backup.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        Path source = file.toAbsolutePath().normalize();
        Path target = store.file(installation.data()).normalize();
        try {
            if (new ServerProcess(installation).running().isPresent()) {
                AdminClient server = new AdminClient(CloudConfig.adminSocket(installation.data()));
                System.out.println(server.restore(new RestoreRequest(target, source)));
                return 0;
            }
            SqliteBackup.Restored restored = SqliteBackup.restore(source, target);
            System.out.printf(
                    "restored the state of revision %d; it goes on at revision %d. Start the"
                            + " server: hypernetes up%n",
                    restored.copied(), restored.revision());
            return 0;
        } catch (StoreException | AdminException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
