package io.hypernetes.runtime.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * The images of a node.
 *
 * <p>On disk: {@code catalog.json}, {@code rootfs/<hex of the id>.squashfs}, and {@code
 * unfinished/} for images on their way in, which is emptied at start. The order of every change
 * makes a crash harmless: the squashfs is complete before the catalog names it, and leaves the
 * catalog before it goes.
 *
 * <p>An image is the same for all who name it: its id is the digest of a configuration that holds
 * the digests of all layers, all verified, so no registry and no tenant can put other content under
 * an id.
 */
public final class ImageStore implements AutoCloseable {

    /** Fetching and packing use all of a processor; more at once only fill the disk. */
    private static final int CONCURRENT = 2;

    /** Folder of images on their way in. */
    private static final String UNFINISHED = "unfinished";

    private final Path folder;
    private final ImageLimits limits;
    private final RegistrySettings registries;
    private final ImageCatalog catalog;
    private final HttpClient http = Registry.client();
    private final Semaphore slots = new Semaphore(CONCURRENT, true);

    /** Held while a squashfs and its line in the catalog come or go together. */
    private final Object commit = new Object();

    /** Fetches under way; who asks for the same waits for it. */
    private final ConcurrentHashMap<Fetch, CompletableFuture<StoredImage>> fetches =
            new ConcurrentHashMap<>();

    /** Credentials are part of the key: nobody gets an image through another's password. */
    private record Fetch(ImageName name, RegistryCredentials credentials) {}

    /** Opens the store in this folder, made when missing; sweeps what a crash has left. */
    public ImageStore(Path folder, ImageLimits limits, RegistrySettings registries) {
        this.folder = folder;
        this.limits = limits;
        this.registries = registries;
        try {
            Files.createDirectories(folder.resolve("rootfs"));
            Files.createDirectories(folder.resolve(UNFINISHED));
            this.catalog = new ImageCatalog(folder.resolve("catalog.json"));
            sweep();
        } catch (IOException e) {
            throw new UncheckedIOException("the image store " + folder + " can not be opened", e);
        }
    }

    public List<StoredImage> list() {
        return catalog.list();
    }

    /** By id or by any name, short or complete. */
    public Optional<StoredImage> find(String reference) {
        if (reference.matches("sha256:[0-9a-f]{64}")) {
            return catalog.get(Digest.parse(reference));
        }
        if (reference.matches("[0-9a-f]{64}")) {
            return catalog.get(Digest.parse("sha256:" + reference));
        }
        return catalog.named(ImageName.parse(reference).toString());
    }

    /** The squashfs of an image, to be plugged read-only. */
    public Path rootfs(Digest id) {
        return folder.resolve("rootfs").resolve(id.hex() + ".squashfs");
    }

    /** Bytes of all images on disk. */
    public long usedBytes() {
        return catalog.list().stream().mapToLong(StoredImage::size).sum();
    }

    public Path folder() {
        return folder;
    }

    /** Fetches an image, also when one of this name is there: a tag may have moved. */
    public StoredImage pull(ImageName name, RegistryCredentials credentials)
            throws InterruptedException {
        Fetch key = new Fetch(name, credentials);
        CompletableFuture<StoredImage> ours = new CompletableFuture<>();
        CompletableFuture<StoredImage> running = fetches.putIfAbsent(key, ours);
        if (running == null) {
            // On a thread of its own: a caller that gives up must not fail the others.
            Thread.ofVirtual().name("pull " + name).start(() -> fetch(key, ours));
            running = ours;
        }
        try {
            return running.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ImageException failure) {
                throw new ImageException(
                        failure.reason(), String.valueOf(failure.getMessage()), failure);
            }
            throw new ImageException(
                    ImageException.Reason.NODE, "pull of " + name + " failed: " + e.getCause(), e);
        }
    }

    private void fetch(Fetch key, CompletableFuture<StoredImage> result) {
        try {
            Registry registry = new Registry(http, registries, key.name(), key.credentials());
            result.complete(working(work -> fetch(registry, key.name(), work)));
        } catch (InterruptedException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        } finally {
            fetches.remove(key, result);
        }
    }

    private StoredImage fetch(Registry registry, ImageName name, Path work)
            throws IOException, InterruptedException {
        byte[] top = manifest(registry, name.digest(), name.tag());
        Digest topDigest = name.digest().orElseGet(() -> Digest.of(top));
        Manifest manifest = Manifest.parse(top);
        if (manifest instanceof Manifest.Index index) {
            Descriptor ours = index.linuxAmd64().orElseThrow(() -> noPlatform(name));
            manifest = Manifest.parse(manifest(registry, Optional.of(ours.digest()), ""));
        }
        if (!(manifest instanceof Manifest.Image image)) {
            throw ImageException.invalid(name + " is an index within an index");
        }
        List<String> tags = name.digest().isPresent() ? List.of() : List.of(name.toString());
        List<String> digests = List.of(name.atDigest(topDigest));
        byte[] config = registry.document(image.config(), limits.documentBytes());
        Optional<StoredImage> known = catalog.get(Digest.of(config));
        if (known.isPresent()) {
            return catalog.put(known.get().with(tags, digests));
        }
        if (image.layers().stream().mapToLong(Descriptor::size).sum() > limits.downloadBytes()) {
            throw Flattener.tooLarge("its layers");
        }
        List<Path> layers = new ArrayList<>();
        for (Descriptor layer : image.layers()) {
            Path file = work.resolve("layer-" + layers.size());
            registry.download(layer, file);
            layers.add(file);
        }
        return store(ImageContent.of(config, layers), tags, digests, work);
    }

    private byte[] manifest(Registry registry, Optional<Digest> digest, String tag)
            throws InterruptedException {
        byte[] body =
                registry.manifest(digest.map(Digest::toString).orElse(tag), limits.documentBytes());
        digest.ifPresent(expected -> {
            var hasher = expected.hasher();
            hasher.update(body);
            expected.verify(hasher, "the manifest");
        });
        return body;
    }

    private static ImageException noPlatform(ImageName name) {
        return new ImageException(
                ImageException.Reason.NOT_FOUND, name + " has no image for linux/amd64");
    }

    /**
     * Takes the images of a tar file (OCI layout or docker save).
     *
     * @param name for the one image of the file; empty for the names in it
     */
    public List<StoredImage> importTar(InputStream in, Optional<ImageName> name)
            throws InterruptedException {
        return working(work -> {
            List<ImageFile.Named> images = ImageFile.read(in, work, limits);
            if (name.isPresent() && images.size() != 1) {
                throw ImageException.invalid(
                        "one name was given, but the tar file has " + images.size() + " images");
            }
            List<StoredImage> stored = new ArrayList<>();
            for (ImageFile.Named image : images) {
                List<String> names =
                        name.map(one -> List.of(one.toString()))
                                .orElseGet(() -> complete(image.names()));
                stored.add(store(image.content(), names, List.of(), work));
            }
            return stored;
        });
    }

    private static List<String> complete(List<String> names) {
        return names.stream().map(name -> ImageName.parse(name).toString()).toList();
    }

    private StoredImage store(
            ImageContent content, List<String> tags, List<String> digests, Path work)
            throws IOException, InterruptedException {
        Optional<StoredImage> known = catalog.get(content.id());
        if (known.isPresent()) {
            return catalog.put(known.get().with(tags, digests));
        }
        Flattener flattener = new Flattener(content, limits);
        flattener.scan();
        Path squash = work.resolve(content.id().hex() + ".squashfs");
        SquashFile.build(flattener, squash);
        long size = Files.size(squash);
        synchronized (commit) {
            DurableFile.publish(squash, rootfs(content.id()));
            return catalog.put(
                    new StoredImage(content.id(), tags, digests, size, content.config()));
        }
    }

    /** Forgets an image under all its names; nothing when there is none. */
    public void remove(String reference) {
        Optional<StoredImage> image = find(reference);
        if (image.isEmpty()) {
            return;
        }
        try {
            synchronized (commit) {
                catalog.remove(image.get().id());
                // Machines that use it have it open and keep it until they end.
                Files.deleteIfExists(rootfs(image.get().id()));
            }
        } catch (IOException e) {
            throw node(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private interface Work<T> {
        T in(Path folder) throws IOException, InterruptedException;
    }

    /** Runs with a work folder that is gone afterwards. */
    private <T> T working(Work<T> action) throws InterruptedException {
        slots.acquire();
        try {
            Path work = Files.createTempDirectory(folder.resolve(UNFINISHED), "image-");
            try {
                return action.in(work);
            } finally {
                delete(work);
            }
        } catch (EOFException | ZipException e) {
            throw new ImageException(
                    ImageException.Reason.INVALID, "the image is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw node(e);
        } finally {
            slots.release();
        }
    }

    private static ImageException node(IOException e) {
        return new ImageException(
                ImageException.Reason.NODE,
                "the node could not store the image: " + e.getMessage(),
                e);
    }

    private void sweep() throws IOException {
        delete(folder.resolve(UNFINISHED));
        Files.createDirectories(folder.resolve(UNFINISHED));
        Set<Path> known = new HashSet<>();
        for (StoredImage image : catalog.list()) {
            if (Files.exists(rootfs(image.id()))) {
                known.add(rootfs(image.id()));
            } else {
                catalog.remove(image.id());
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("rootfs"))) {
            for (Path file : files.toList()) {
                if (!known.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
