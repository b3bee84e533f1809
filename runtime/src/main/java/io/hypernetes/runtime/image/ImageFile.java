package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images in a tar file: the output of {@code docker save} (told by its {@code manifest.json},
 * which newer ones have beside an OCI layout) or an OCI image layout ({@code index.json}). Members
 * are kept under names of our own in a work folder that the caller owns.
 */
final class ImageFile {

    private static final int MAX_MEMBERS = 10_000;
    private static final int MAX_LINKS = 8;

    private final Map<String, Path> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final ImageLimits limits;

    /** An image and the names the file gives it, as written there. */
    record Named(ImageContent content, List<String> names) {}

    private ImageFile(ImageLimits limits) {
        this.limits = limits;
    }

    static List<Named> read(InputStream in, Path work, ImageLimits limits) throws IOException {
        ImageFile file = new ImageFile(limits);
        file.unpack(in, work);
        if (file.files.containsKey("manifest.json")) {
            return file.dockerSave();
        }
        if (file.files.containsKey("index.json")) {
            return file.layout();
        }
        throw ImageException.invalid(
                "the tar file has neither manifest.json (docker save) nor index.json (OCI layout)");
    }

    private void unpack(InputStream in, Path work) throws IOException {
        TarReader tar = new TarReader(in);
        long left = limits.downloadBytes();
        byte[] buffer = new byte[1 << 16];
        for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarEntry entry = next.get();
            String name = entry.name().replaceFirst("^(\\./)+", "");
            if (files.size() + links.size() >= MAX_MEMBERS) {
                throw ImageException.invalid("the tar file has too many members");
            }
            if (entry.type() == TarEntry.Type.SYMBOLIC_LINK) {
                links.put(name, resolve(name, entry.link()));
            } else if (entry.type() == TarEntry.Type.HARD_LINK) {
                links.put(name, entry.link().replaceFirst("^(\\./)+", ""));
            } else if (entry.type() == TarEntry.Type.FILE) {
                left -= entry.size();
                if (left < 0) {
                    throw Flattener.tooLarge("the tar file");
                }
                Path file = work.resolve("member-" + files.size());
                try (var out = Files.newOutputStream(file)) {
                    for (int n = tar.read(buffer, 0, buffer.length);
                            n >= 0;
                            n = tar.read(buffer, 0, buffer.length)) {
                        out.write(buffer, 0, n);
                    }
                }
                files.put(name, file);
            }
        }
    }

    /** The member a symbolic link means; names only, the node's file system is not asked. */
    private static String resolve(String name, String link) {
        Deque<String> path = new ArrayDeque<>();
        String folder = name.substring(0, name.lastIndexOf('/') + 1);
        for (String part : (link.startsWith("/") ? link : folder + link).split("/", -1)) {
            if (part.equals("..")) {
                path.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                path.addLast(part);
            }
        }
        return String.join("/", path);
    }

    private List<Named> dockerSave() throws IOException {
        List<Named> images = new ArrayList<>();
        for (JsonNode entry : Manifest.json(document("manifest.json"), "manifest.json")) {
            List<Path> layers = new ArrayList<>();
            for (String layer : ImageConfig.strings(entry.path("Layers"))) {
                layers.add(member(layer));
            }
            byte[] config = document(entry.path("Config").asString(""));
            images.add(
                    new Named(
                            ImageContent.of(config, layers),
                            ImageConfig.strings(entry.path("RepoTags"))));
        }
        return images;
    }

    private List<Named> layout() throws IOException {
        JsonNode index = Manifest.json(document("index.json"), "index.json");
        List<Named> images = new ArrayList<>();
        for (JsonNode entry : index.path("manifests")) {
            JsonNode annotations = entry.path("annotations");
            String name =
                    annotations
                            .path("io.containerd.image.name")
                            .asString(
                                    annotations
                                            .path("org.opencontainers.image.ref.name")
                                            .asString(""));
            images.add(
                    new Named(
                            content(Descriptor.read(entry)),
                            name.isEmpty() ? List.of() : List.of(name)));
        }
        return images;
    }

    private ImageContent content(Descriptor descriptor) throws IOException {
        Manifest manifest = Manifest.parse(blob(descriptor));
        if (manifest instanceof Manifest.Index index) {
            manifest =
                    Manifest.parse(
                            blob(
                                    index.linuxAmd64()
                                            .orElseThrow(() ->
                                                    ImageException.invalid(
                                                            "the tar file has no image for"
                                                                    + " linux/amd64"))));
        }
        if (!(manifest instanceof Manifest.Image image)) {
            throw ImageException.invalid("the tar file has an index within an index");
        }
        List<Path> layers = new ArrayList<>();
        for (Descriptor layer : image.layers()) {
            layers.add(member(path(layer)));
        }
        return ImageContent.of(blob(image.config()), layers);
    }

    private byte[] blob(Descriptor descriptor) throws IOException {
        byte[] bytes = document(path(descriptor));
        var hasher = descriptor.digest().hasher();
        hasher.update(bytes);
        descriptor.digest().verify(hasher, "a blob of the tar file");
        return bytes;
    }

    private static String path(Descriptor descriptor) {
        return "blobs/" + descriptor.digest().algorithm() + "/" + descriptor.digest().hex();
    }

    private byte[] document(String name) throws IOException {
        Path file = member(name);
        if (Files.size(file) > limits.documentBytes()) {
            throw Flattener.tooLarge(name);
        }
        return Files.readAllBytes(file);
    }

    private Path member(String name) {
        String at = name;
        for (int i = 0; i < MAX_LINKS && links.containsKey(at); i++) {
            at = links.getOrDefault(at, at);
        }
        Path file = files.get(at);
        if (file == null) {
            throw ImageException.invalid("the tar file lacks '" + name + "', which it refers to");
        }
        return file;
    }
}
