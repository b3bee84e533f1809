package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.agent.GuestFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies small files of the node for a guest, where a client gives paths instead of contents, as an
 * upstream kubelet does for ConfigMap and Secret volumes. Only below the configured folders: a path
 * comes from the client, and may have come to it from a tenant.
 */
final class HostFiles {

    private static final int MAX_FILES = 1000;
    private static final long MAX_BYTES = 3 << 20;

    private final List<Path> allowed;

    HostFiles(List<Path> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** The files of a folder (or the one file), by their paths in it. */
    List<GuestFile> read(String text) {
        try {
            Path path = Path.of(text).toRealPath();
            if (allowed.stream().noneMatch(path::startsWith)) {
                throw refused(text, "it is not below a folder that the runtime may copy from");
            }
            if (Files.isRegularFile(path)) {
                return List.of(
                        new GuestFile(name(path), mode(path), content(path, MAX_BYTES, text)));
            }
            if (!Files.isDirectory(path)) {
                throw refused(text, "it is neither a file nor a folder");
            }
            return folder(path, text);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the path '" + text + "' of the node can not be read: " + e, e);
        }
    }

    /** The name under which a single file is found in what {@link #read} returns. */
    static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString();
    }

    private List<GuestFile> folder(Path folder, String text) throws IOException {
        List<GuestFile> files = new ArrayList<>();
        long left = MAX_BYTES;
        try (Stream<Path> paths = Files.walk(folder, 8)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                // kubelet writes "..data" and links to it: the links are the files
                boolean hidden = folder.relativize(path).toString().startsWith("..");
                if (hidden || !Files.isRegularFile(path)) {
                    continue;
                }
                if (!path.toRealPath().startsWith(folder)) {
                    throw refused(text, "it has a link that leads out of it");
                }
                byte[] content = content(path, left, text);
                left -= content.length;
                files.add(new GuestFile(folder.relativize(path).toString(), mode(path), content));
                if (files.size() > MAX_FILES) {
                    throw refused(text, "it has more than " + MAX_FILES + " files");
                }
            }
        }
        return files;
    }

    private static byte[] content(Path file, long limit, String text) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes((int) limit + 1);
            if (content.length > limit) {
                throw refused(text, "it has more than " + MAX_BYTES + " bytes");
            }
            return content;
        }
    }

    private static int mode(Path file) throws IOException {
        int mode = 0;
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(permission) ? 1 : 0);
        }
        return mode;
    }

    private static IllegalArgumentException refused(String path, String why) {
        return new IllegalArgumentException(
                "the path '"
                        + path
                        + "' of the node can not be given to a sandbox: "
                        + why
                        + ". A sandbox shares no file system with its node; use a volume");
    }
}
