package io.hypernetes.runtime.image;

import io.hypernetes.runtime.image.StoredImage.Names;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images are there and what they are called: one small file, replaced as a whole. An image is
 * in the catalog only when its squashfs is complete. Guarded by itself.
 */
final class ImageCatalog {

    private final Path file;
    private final Map<Digest, StoredImage> images = new LinkedHashMap<>();

    ImageCatalog(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (JsonNode node :
                    JsonMapper.shared().readTree(Files.readAllBytes(file)).path("images")) {
                StoredImage image = StoredImage.read(node);
                images.put(image.id(), image);
            }
        }
    }

    synchronized List<StoredImage> list() {
        return List.copyOf(images.values());
    }

    synchronized Optional<StoredImage> get(Digest id) {
        return Optional.ofNullable(images.get(id));
    }

    /** What this holder calls by a complete name, or else what everyone does. */
    synchronized Optional<StoredImage> named(ImageHolder holder, String name) {
        return images.values().stream()
                .filter(image -> image.isNamed(holder, name))
                .findFirst()
                .or(() ->
                        images.values().stream()
                                .filter(image -> image.isNamed(ImageHolder.EVERYONE, name))
                                .findFirst());
    }

    /**
     * Gives an image to a holder by these names; a tag moves from the holder's other image.
     *
     * @param image as it is when it is not in the catalog yet
     */
    synchronized StoredImage give(StoredImage image, ImageHolder holder, Names names)
            throws IOException {
        Map<Digest, StoredImage> before = new LinkedHashMap<>(images);
        images.replaceAll((_, other) -> other.withoutTags(holder, names.tags()));
        StoredImage known = images.getOrDefault(image.id(), image);
        StoredImage given = known.sized(image.size()).with(holder, names);
        images.put(image.id(), given);
        save(before);
        return given;
    }

    /** Takes an image from a holder. */
    synchronized void take(Digest id, ImageHolder holder) throws IOException {
        Map<Digest, StoredImage> before = new LinkedHashMap<>(images);
        if (images.computeIfPresent(id, (_, image) -> image.without(holder)) != null) {
            save(before);
        }
    }

    synchronized void remove(Digest id) throws IOException {
        Map<Digest, StoredImage> before = new LinkedHashMap<>(images);
        if (images.remove(id) != null) {
            save(before);
        }
    }

    private void save(Map<Digest, StoredImage> before) throws IOException {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ArrayNode list = root.putArray("images");
        images.values().forEach(image -> image.write(list.addObject()));
        try {
            DurableFile.write(file, JsonMapper.shared().writeValueAsBytes(root));
        } catch (IOException e) {
            images.clear();
            images.putAll(before);
            throw e;
        }
    }
}
