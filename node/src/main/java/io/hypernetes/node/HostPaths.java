package io.hypernetes.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** What {@code hostPath.type} asks for (core/v1 HostPathVolumeSource). */
final class HostPaths {

    private static final String FAILED = "FailedMount";
    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTERS = 0020000;
    private static final int BLOCKS = 0060000;

    private HostPaths() {}

    /**
     * Makes what is to be made.
     *
     * @throws PodConfigException when something else is there
     */
    static void check(PodVolume.HostPath volume) throws IOException {
        Path path = Path.of(volume.path());
        boolean right =
                switch (volume.type()) {
                    case "" -> true;
                    case "DirectoryOrCreate" -> Files.isDirectory(path) || folder(path);
                    case "FileOrCreate" -> Files.isRegularFile(path) || file(path);
                    case "Directory" -> Files.isDirectory(path);
                    case "File" -> Files.isRegularFile(path);
                    case "Socket" -> isKind(path, SOCKET);
                    case "CharDevice" -> isKind(path, CHARACTERS);
                    case "BlockDevice" -> isKind(path, BLOCKS);
                    default -> false;
                };
        if (!right) {
            throw new PodConfigException(
                    FAILED,
                    "hostPath type check failed: %s is not a %s"
                            .formatted(volume.path(), volume.type()));
        }
    }

    private static boolean isKind(Path path, int kind) throws IOException {
        return Files.exists(path)
                && ((int) Files.getAttribute(path, "unix:mode") & KIND) == kind
                && Files.readAttributes(path, BasicFileAttributes.class).isOther();
    }

    private static boolean folder(Path path) throws IOException {
        if (Files.exists(path)) {
            return false;
        }
        Files.createDirectories(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        return true;
    }

    private static boolean file(Path path) throws IOException {
        if (Files.exists(path)) {
            return false;
        }
        Files.createFile(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        return true;
    }
}
