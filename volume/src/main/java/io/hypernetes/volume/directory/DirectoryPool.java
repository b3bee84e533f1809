package io.hypernetes.volume.directory;

import io.hypernetes.volume.Attachment;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Volumes as sparse raw files: {@code TENANT/ID.raw}, beside it {@code ID.attached} with the name
 * of the sandbox that has it. A file takes room as the guest writes; a volume is refused when it is
 * larger than what is free at the time.
 *
 * <p>Each step is one rename or one unlink, so a crash leaves either state, never a half. One
 * process owns a pool; a lock orders its changes.
 */
public final class DirectoryPool implements VolumePool {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][-A-Za-z0-9]{0,127}");
    private static final Pattern TENANT = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final String VOLUME = ".raw";
    private static final String ATTACHED = ".attached";
    private static final String UNFINISHED = ".new";
    private static final long MEBIBYTE = 1 << 20;

    private final Path directory;
    private final String provisioner;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * @param directory made if need be, for its owner only
     */
    public DirectoryPool(Path directory, String provisioner) {
        this.directory = directory;
        this.provisioner = provisioner;
        makeDirectory(directory);
    }

    @Override
    public String provisioner() {
        return provisioner;
    }

    @Override
    public Volume provision(String id, String tenant, long bytes, Map<String, String> parameters) {
        requireId(id);
        if (!TENANT.matcher(tenant).matches()) {
            throw new VolumeException("not a tenant's name: '" + tenant + "'");
        }
        if (bytes <= 0) {
            throw new VolumeException("a volume has at least one byte: " + bytes + " asked for");
        }
        lock.lock();
        try {
            Optional<Volume> known = volume(id);
            return known.isPresent() ? same(known.get(), tenant, bytes) : make(id, tenant, bytes);
        } finally {
            lock.unlock();
        }
    }

    private static Volume same(Volume known, String tenant, long bytes) {
        if (!known.tenant().equals(tenant)) {
            throw new VolumeException("volume " + known.id() + " is another tenant's");
        }
        if (known.bytes() < bytes) {
            throw new VolumeException(
                    "volume %s exists with %d bytes, %d are asked for: delete it, or take another id"
                            .formatted(known.id(), known.bytes(), bytes));
        }
        return known;
    }

    private Volume make(String id, String tenant, long bytes) {
        // Whole mebibytes: every sector and file system block size divides them.
        long size = Math.ceilDiv(bytes, MEBIBYTE) * MEBIBYTE;
        requireRoom(id, size);
        makeDirectory(directory.resolve(tenant));
        Path file = file(tenant, id, VOLUME);
        Path unfinished = file(tenant, id, UNFINISHED);
        try {
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            try (RandomAccessFile blank = new RandomAccessFile(unfinished.toFile(), "rw")) {
                blank.setLength(size);
                blank.getFD().sync();
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new VolumeException("cannot make volume " + file + ": " + e.getMessage(), e);
        }
        return new Volume(id, tenant, size);
    }

    private void requireRoom(String id, long size) {
        long free = free();
        if (size > free) {
            throw new VolumeException(
                    "volume %s of %d MiB does not fit: %s has %d MiB free. Free space, or ask for less"
                            .formatted(id, size / MEBIBYTE, directory, free / MEBIBYTE));
        }
    }

    private long free() {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new VolumeException("cannot look at " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void delete(String id) {
        requireId(id);
        lock.lock();
        try {
            Optional<Volume> volume = volume(id);
            if (volume.isPresent()) {
                String tenant = volume.get().tenant();
                Optional<String> holder = holder(tenant, id);
                if (holder.isPresent()) {
                    throw new VolumeException(
                            "volume " + id + " is attached to sandbox " + holder.get());
                }
                Files.deleteIfExists(file(tenant, id, VOLUME));
            }
        } catch (IOException e) {
            throw new VolumeException("cannot delete volume " + id + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Volume> volume(String id) {
        requireId(id);
        return tenants().stream()
                .filter(tenant -> isVolume(file(tenant, id, VOLUME)))
                .findFirst()
                .map(tenant -> read(tenant, id));
    }

    @Override
    public List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        for (String tenant : tenants()) {
            for (Path file : entries(directory.resolve(tenant))) {
                String name = file.getFileName().toString();
                if (name.endsWith(VOLUME) && isVolume(file)) {
                    String id = name.substring(0, name.length() - VOLUME.length());
                    volumes.add(read(tenant, id));
                }
            }
        }
        return volumes;
    }

    @Override
    public Attachment attach(String id, String sandbox) {
        requireId(id);
        requireId(sandbox);
        lock.lock();
        try {
            Volume volume =
                    volume(id).orElseThrow(() -> new VolumeException("there is no volume " + id));
            Optional<String> holder = holder(volume.tenant(), id);
            if (holder.isPresent() && !holder.get().equals(sandbox)) {
                throw new VolumeException(
                        "volume %s is attached to sandbox %s: it goes to one at a time"
                                .formatted(id, holder.get()));
            }
            if (holder.isEmpty()) {
                Path unfinished = file(volume.tenant(), id, ATTACHED + UNFINISHED);
                Files.writeString(unfinished, sandbox);
                Files.move(
                        unfinished,
                        file(volume.tenant(), id, ATTACHED),
                        StandardCopyOption.ATOMIC_MOVE);
            }
            return new Attachment(file(volume.tenant(), id, VOLUME).toString(), "file");
        } catch (IOException e) {
            throw new VolumeException("cannot attach volume " + id + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void detach(String id, String sandbox) {
        requireId(id);
        lock.lock();
        try {
            for (String tenant : tenants()) {
                if (holder(tenant, id).filter(sandbox::equals).isPresent()) {
                    Files.deleteIfExists(file(tenant, id, ATTACHED));
                }
            }
        } catch (IOException e) {
            throw new VolumeException("cannot detach volume " + id + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Map<String, String> attachments() {
        Map<String, String> attachments = new TreeMap<>();
        lock.lock();
        try {
            for (String tenant : tenants()) {
                for (Path file : entries(directory.resolve(tenant))) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(ATTACHED)) {
                        String id = name.substring(0, name.length() - ATTACHED.length());
                        holder(tenant, id).ifPresent(sandbox -> attachments.put(id, sandbox));
                    }
                }
            }
        } catch (IOException e) {
            throw new VolumeException("cannot look at " + directory + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
        return attachments;
    }

    private Optional<String> holder(String tenant, String id) throws IOException {
        Path record = file(tenant, id, ATTACHED);
        return Files.exists(record) ? Optional.of(Files.readString(record)) : Optional.empty();
    }

    private Volume read(String tenant, String id) {
        Path file = file(tenant, id, VOLUME);
        try {
            return new Volume(id, tenant, Files.size(file));
        } catch (IOException e) {
            throw new VolumeException("cannot read volume " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean isVolume(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private List<String> tenants() {
        return entries(directory).stream()
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private static List<Path> entries(Path directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            List<Path> sorted = new ArrayList<>();
            entries.forEach(sorted::add);
            sorted.sort(null);
            return sorted;
        } catch (IOException e) {
            throw new VolumeException("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }

    private Path file(String tenant, String id, String ending) {
        return directory.resolve(tenant).resolve(id + ending);
    }

    private static void makeDirectory(Path path) {
        try {
            Files.createDirectories(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new VolumeException("cannot make " + path + ": " + e.getMessage(), e);
        }
    }

    /** Names become file names, so nothing but letters, digits and dashes gets through. */
    private static void requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new VolumeException(
                    "a name here is at most 128 letters, digits and dashes: '" + id + "'");
        }
    }
}
