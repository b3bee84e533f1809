package io.hypernetes.cli;

import io.hypernetes.node.RuntimeConnection;
import io.hypernetes.node.RuntimeConnection.StoredImage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code hypernetes image}: the images of this machine. */
@Command(
        name = "image",
        description = "Import and list the images of this machine.",
        mixinStandardHelpOptions = true)
final class ImageCommand {

    @Command(
            name = "import",
            description = "Import the images of a tar file: an OCI layout, or of 'docker save'.",
            mixinStandardHelpOptions = true)
    int importImage(
            @Mixin Installation installation,
            @Parameters(paramLabel = "FILE.tar", description = "The tar file.") Path file)
            throws IOException {
        try (RuntimeConnection runtime = connect(installation);
                InputStream tar = Files.newInputStream(file)) {
            runtime.importImages(tar).forEach(name -> System.out.println("imported " + name));
        } catch (IOException e) {
            throw new CommandException(file + " was not imported: " + e.getMessage(), e);
        }
        return 0;
    }

    @Command(name = "list", description = "List the images.", mixinStandardHelpOptions = true)
    int list(@Mixin Installation installation) {
        try (RuntimeConnection runtime = connect(installation)) {
            System.out.printf("%-60s %-16s %10s%n", "NAME", "ID", "MiB");
            for (StoredImage image : runtime.images()) {
                String name = image.names().isEmpty() ? "<none>" : image.names().getFirst();
                String id = image.id().replaceFirst("^sha256:", "");
                System.out.printf(
                        "%-60s %-16s %10.1f%n",
                        name,
                        id.substring(0, Math.min(12, id.length())),
                        image.bytes() / 1048576.0);
            }
        }
        return 0;
    }

    private static RuntimeConnection connect(Installation installation) {
        installation.operator();
        return RuntimeConnection.open(installation.runFolder().resolve("hyper.sock"));
    }
}
