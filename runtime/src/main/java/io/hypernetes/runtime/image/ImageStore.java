package io.hypernetes.runtime.image;

import io.hypernetes.runtime.image.StoredImage.Names;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * <p>Content is shared, names and the right to use it are not. The id of an image is the digest of
 * a configuration that holds the digests of all layers, all verified, so no registry and no tenant
 * can put other content under an id. A tenant may use an image that it has pulled itself: a
 * registry has let it read the manifest, with its own credentials. Layers that are here are fetched
 * again unless that was from a repository they are known to come from; otherwise a registry of the
 * tenant's own, which knows no more than an image's configuration, would turn that into the
 * content.
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
    private record Fetch(ImageName name, RegistryCredentials credentials, ImageHolder holder) {}

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

    /** An image that this holder may use, by id or by any name, short or complete. */
    public Optional<StoredImage> find(ImageHolder holder, String reference) {
        return (isId(reference)
                        ? byId(reference).filter(image -> image.isHeldBy(holder))
                        : catalog.named(holder, ImageName.parse(reference).toString()))
                .filter(this::isIntact)
                .map(image -> image.seenBy(holder));
    }

    /** For the operator: by id whoever holds it, by name only what everyone may use. */
    public Optional<StoredImage> find(String reference) {
        return isId(reference) ? byId(reference) : find(ImageHolder.EVERYONE, reference);
    }

    private static boolean isId(String reference) {
        return reference.matches("(sha256:)?[0-9a-f]{64}");
    }

    private Optional<StoredImage> byId(String reference) {
        return catalog.get(
                Digest.parse(reference.startsWith("sha256:") ? reference : "sha256:" + reference));
    }

    /** The squashfs of an image, to be plugged read-only. */
    public Path rootfs(Digest id) {
        return folder.resolve("rootfs").resolve(id.hex() + ".squashfs");
    }

    /**
     * Whether its file is as long as it was when it was made, and begins like a squashfs. One that
     * is not is not found, and made anew for all its holders by the first who brings it again.
     */
    private boolean isIntact(StoredImage image) {
        Path file = rootfs(image.id());
        try (InputStream in = Files.newInputStream(file)) {
            return Files.size(file) == image.size()
                    && new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("hsqs");
        } catch (IOException e) {
            return false;
        }
    }

    /** Bytes of all images on disk. */
    public long usedBytes() {
        return catalog.list().stream().mapToLong(StoredImage::size).sum();
    }

    public Path folder() {
        return folder;
    }

    /**
     * Fetches an image for a holder, also when it has one of this name: a tag may have moved. Who
     * comes without credentials gets what the operator has brought by this name, if anything: it is
     * there so that no registry is needed.
     *
     * @return as this holder sees it
     */
    public StoredImage pull(ImageName name, RegistryCredentials credentials, ImageHolder holder)
            throws InterruptedException {
        Optional<StoredImage> brought = catalog.named(ImageHolder.EVERYONE, name.toString());
        if (brought.isPresent()
                && credentials instanceof RegistryCredentials.Anonymous
                && !holder.equals(ImageHolder.EVERYONE)) {
            return brought.get().seenBy(holder);
        }
        Fetch key = new Fetch(name, credentials, holder);
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
            result.complete(working(work -> fetch(registry, key, work)));
        } catch (InterruptedException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        } finally {
            fetches.remove(key, result);
        }
    }

    private StoredImage fetch(Registry registry, Fetch key, Path work)
            throws IOException, InterruptedException {
        ImageName name = key.name();
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
        Names names =
                new Names(
                        name.digest().isPresent() ? List.of() : List.of(name.toString()),
                        List.of(name.atDigest(topDigest)));
        byte[] config = registry.document(image.config(), limits.documentBytes());
        Optional<StoredImage> known =
                catalog.get(Digest.of(config))
                        .filter(here -> here.isKnownFrom(name.path()) && isIntact(here));
        if (known.isPresent()) {
            return give(known.get(), key.holder(), names);
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
        return store(ImageContent.of(config, layers), key.holder(), names, work);
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
     * Takes the images of a tar file (OCI layout or docker save), for everyone.
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
                List<String> tags =
                        name.map(one -> List.of(one.toString()))
                                .orElseGet(() -> complete(image.names()));
                Names names = new Names(tags, List.of());
                stored.add(store(image.content(), ImageHolder.EVERYONE, names, work));
            }
            return stored;
        });
    }

    private static List<String> complete(List<String> names) {
        return names.stream().map(name -> ImageName.parse(name).toString()).toList();
    }

    /** Content is checked also when it is here: who brings it shows to have it. */
    private StoredImage store(ImageContent content, ImageHolder holder, Names names, Path work)
            throws IOException, InterruptedException {
        Flattener flattener = new Flattener(content, limits);
        flattener.scan();
        Optional<StoredImage> known = catalog.get(content.id()).filter(this::isIntact);
        if (known.isPresent()) {
            return give(known.get(), holder, names);
        }
        Path squash = work.resolve(content.id().hex() + ".squashfs");
        SquashFile.build(flattener, squash);
        long size = Files.size(squash);
        synchronized (commit) {
            DurableFile.publish(squash, rootfs(content.id()));
            return catalog.give(
                            new StoredImage(content.id(), Map.of(), size, content.config()),
                            holder,
                            names)
                    .seenBy(holder);
        }
    }

    private StoredImage give(StoredImage known, ImageHolder holder, Names names)
            throws IOException {
        synchronized (commit) {
            if (catalog.get(known.id()).isEmpty()) {
                throw new IOException(known.id() + " was removed while it was asked for");
            }
            return catalog.give(known, holder, names).seenBy(holder);
        }
    }

    /** Forgets an image under all names of all holders; nothing when there is none. */
    public void remove(String reference) {
        find(reference).ifPresent(image -> remove(image.id()));
    }

    /** Takes an image from a holder; it goes when nobody holds it any more. */
    public void remove(ImageHolder holder, String reference) {
        Optional<StoredImage> image = find(holder, reference);
        if (image.isEmpty()) {
            return;
        }
        try {
            synchronized (commit) {
                catalog.take(image.get().id(), holder);
                if (catalog.get(image.get().id())
                        .filter(left -> left.held().isEmpty())
                        .isPresent()) {
                    remove(image.get().id());
                }
            }
        } catch (IOException e) {
            throw node(e);
        }
    }

    private void remove(Digest id) {
        try {
            synchronized (commit) {
                catalog.remove(id);
                // Machines that use it have it open and keep it until they end.
                Files.deleteIfExists(rootfs(id));
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
            if (isIntact(image) && !image.held().isEmpty()) {
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
