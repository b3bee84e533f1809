package io.hypernetes.node;

import io.hypernetes.api.Metadata;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of pods that are processes of this machine: {@code UID/volumes/NAME}, {@code
 * UID/messages/CONTAINER.ATTEMPT}, {@code UID/hosts}. A pod's folder has one user at a time, its
 * worker.
 *
 * @param root of all of them
 */
record PodFolders(Path root) {

    private static final String FAILED = "FailedMount";
    private static final String EVERYONE = "rwxrwxrwx";
    private static final int SET_GROUP = 02000;

    /** As in a machine, whose agent reads no more of a file. */
    private static final int MOST_READ = 32_000;

    private Path pod(String uid) {
        return root.resolve(uid).toAbsolutePath();
    }

    private Path volume(String uid, String name) {
        return pod(uid).resolve("volumes").resolve(name);
    }

    /** Makes what is missing of a pod's volumes. */
    void prepare(ObjectNode pod, List<PodVolume> volumes) {
        String uid = Metadata.uid(pod);
        JsonNode fsGroup = pod.path("spec").path("securityContext").path("fsGroup");
        Optional<Integer> group =
                fsGroup.isNumber() ? Optional.of(fsGroup.asInt()) : Optional.empty();
        try {
            Files.createDirectories(
                    root,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            for (PodVolume volume : volumes) {
                switch (volume) {
                    case PodVolume.EmptyDir(String name, _) -> emptyDir(volume(uid, name), group);
                    case PodVolume.Files(String name, _) ->
                            Files.createDirectories(volume(uid, name));
                    case PodVolume.HostPath host -> HostPaths.check(host);
                    case PodVolume.Disk(String name, _, _, _) -> throw noDisk(name);
                    case PodVolume.Image(String name) -> throw noDisk(name);
                    case PodVolume.Raw(String name, _, _) -> throw noDisk(name);
                }
            }
        } catch (IOException e) {
            throw failed("the volumes of " + Metadata.name(pod), e);
        }
    }

    private static void emptyDir(Path folder, Optional<Integer> group) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(EVERYONE));
        if (group.isPresent()) {
            Files.setAttribute(folder, "unix:gid", group.get());
            Files.setAttribute(folder, "unix:mode", SET_GROUP | 0777);
        }
    }

    /** What a container mounts of a volume. */
    Path source(ObjectNode pod, String name, String subPath) {
        Path whole = volume(Metadata.uid(pod), name);
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.path("name").asString("").equals(name) && volume.has("hostPath")) {
                whole = Path.of(volume.path("hostPath").path("path").asString(""));
            }
        }
        if (subPath.isEmpty()) {
            return whole;
        }
        try {
            Path at = whole.toRealPath();
            for (Path step : Path.of(subPath).normalize()) {
                Path next = at.resolve(step);
                if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(next);
                }
                at = next.toRealPath();
                // What the pod itself has put there may lead elsewhere.
                if (!at.startsWith(whole.toRealPath())) {
                    throw new PodConfigException(
                            "CreateContainerConfigError",
                            "subPath \"" + subPath + "\" leads out of volume \"" + name + "\"");
                }
            }
            return at;
        } catch (IOException e) {
            throw failed("subPath " + subPath + " of volume " + name, e);
        }
    }

    /** A file that containers have left in a volume; empty when there is none. */
    Optional<byte[]> read(String uid, String name, String path) {
        Path volume = volume(uid, name);
        try {
            Path file = volume.resolve(path).toRealPath();
            // What the pod itself has put there may lead elsewhere.
            if (!file.startsWith(volume.toRealPath()) || !Files.isRegularFile(file)) {
                throw new IOException(path + ": not a file of the volume");
            }
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] content = in.readNBytes(MOST_READ + 1);
                if (content.length > MOST_READ) {
                    throw new IOException(path + ": larger than " + MOST_READ + " bytes");
                }
                return Optional.of(content);
            }
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("a file of volume " + name, e);
        }
    }

    /**
     * Replaces all files of a volume at once, as upstream's kubelet does: they are links into
     * {@code ..data}, which is a link to a folder that is whole.
     */
    void write(String uid, String name, List<PodVolume.File> files) {
        Path volume = volume(uid, name);
        try {
            Files.createDirectories(volume);
            Path fresh = Files.createTempDirectory(volume, "..");
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (PodVolume.File file : files) {
                Path target = fresh.resolve(file.path());
                Files.createDirectories(target.getParent());
                Files.write(target, file.content());
                Files.setAttribute(target, "unix:mode", file.mode());
            }
            Path data = volume.resolve("..data");
            Optional<Path> old =
                    Files.exists(data, LinkOption.NOFOLLOW_LINKS)
                            ? Optional.of(volume.resolve(Files.readSymbolicLink(data)))
                            : Optional.empty();
            Path link = volume.resolve("..data-next");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, fresh.getFileName());
            Files.move(
                    link,
                    data,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            link(volume, fresh);
            if (old.isPresent()) {
                delete(old.get());
            }
        } catch (IOException e) {
            throw failed("the files of volume " + name, e);
        }
    }

    /** A link for each entry of the new folder, and none that leads nowhere. */
    private static void link(Path volume, Path fresh) throws IOException {
        try (Stream<Path> entries = Files.list(fresh)) {
            for (Path entry : entries.toList()) {
                Path link = volume.resolve(entry.getFileName());
                if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, Path.of("..data").resolve(entry.getFileName()));
                }
            }
        }
        try (Stream<Path> entries = Files.list(volume)) {
            for (Path entry : entries.toList()) {
                if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    /** Where a container may leave a message about its end. */
    Path messageFile(String uid, String container, int attempt) {
        Path file = pod(uid).resolve("messages").resolve(container + "." + attempt);
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.createFile(file);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            }
            return file;
        } catch (IOException e) {
            throw failed("the termination message of " + container, e);
        }
    }

    Path hosts(String uid) {
        return pod(uid).resolve("hosts");
    }

    /** In its place, as containers have the file mounted. */
    void writeHosts(ObjectNode pod, String more) {
        Path file = hosts(Metadata.uid(pod));
        try {
            String text = "127.0.0.1\tlocalhost\n::1\tlocalhost\n" + more;
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text, StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw failed("/etc/hosts of " + Metadata.name(pod), e);
        }
    }

    static void makeParent(Path file) {
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw failed("the folder of " + file, e);
        }
    }

    /** Of a pod's own volumes, by name. */
    Map<String, Long> bytes(String uid) {
        Map<String, Long> bytes = new HashMap<>();
        Path volumes = pod(uid).resolve("volumes");
        if (!Files.isDirectory(volumes)) {
            return bytes;
        }
        try (Stream<Path> names = Files.list(volumes)) {
            for (Path volume : names.toList()) {
                bytes.put(volume.getFileName().toString(), size(volume));
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the volumes in " + volumes + " cannot be measured", e);
        }
    }

    private static long size(Path folder) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        bytes.addAndGet(attributes.size());
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException gone) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return bytes.get();
    }

    /** Of the pods that have a folder. */
    Set<String> uids() {
        if (!Files.isDirectory(root)) {
            return Set.of();
        }
        try (Stream<Path> pods = Files.list(root)) {
            return pods.map(pod -> pod.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("the files of pods in " + root + " cannot be read", e);
        }
    }

    /** Removes all that is the pod's own; links are removed, not followed. */
    void remove(String uid) {
        try {
            if (Files.exists(pod(uid))) {
                delete(pod(uid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files in " + pod(uid) + " cannot be removed", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path left, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(left);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static PodConfigException noDisk(String name) {
        return new PodConfigException(FAILED, "volume \"" + name + "\" would be a disk");
    }

    private static PodConfigException failed(String what, IOException e) {
        return new PodConfigException(FAILED, what + " cannot be made: " + e.getMessage());
    }
}
