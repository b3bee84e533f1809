package io.hypernetes.runtime.image;

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

    synchronized Optional<StoredImage> named(String name) {
        return images.values().stream().filter(image -> image.named(name)).findFirst();
    }

    /** Adds an image, or names to one that is there; a tag moves from the image that had it. */
    synchronized StoredImage put(StoredImage image) throws IOException {
        Map<Digest, StoredImage> before = new LinkedHashMap<>(images);
        images.replaceAll((id, other) -> other.without(image.tags()));
        StoredImage known = images.get(image.id());
        StoredImage merged = known == null ? image : known.with(image.tags(), image.digests());
        images.put(image.id(), merged);
        save(before);
        return merged;
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
