package io.hypernetes.cli;

import io.hypernetes.store.StoreException;
import io.hypernetes.store.sqlite.SqliteBackup;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code hypernetes backup FILE}. */
@Command(
        name = "backup",
        description =
                "Copy the state (all objects of all tenants) into a file, also while the server"
                        + " runs. It holds secrets: keep it as you keep the data folder.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private StoreOptions store = new StoreOptions();

    @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        try {
            long revision =
                    SqliteBackup.backup(
                            store.file(installation.data()), file.toAbsolutePath().normalize());
            System.out.println(file + ": the state at revision " + revision);
            return 0;
        } catch (StoreException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }
}
