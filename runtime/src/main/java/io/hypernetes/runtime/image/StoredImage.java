package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * An image that is there.
 *
 * @param id digest of its configuration
 * @param tags complete names with a tag, sorted
 * @param digests complete names with the digest of a manifest or index, sorted
 * @param size of the squashfs in bytes
 */
public record StoredImage(
        Digest id, List<String> tags, List<String> digests, long size, ImageConfig config) {

    public StoredImage {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }

    /** Whether a complete name ({@link ImageName#toString}) is one of this image's. */
    boolean named(String name) {
        return tags.contains(name) || digests.contains(name);
    }

    StoredImage with(List<String> moreTags, List<String> moreDigests) {
        return new StoredImage(id, join(tags, moreTags), join(digests, moreDigests), size, config);
    }

    StoredImage without(List<String> lostTags) {
        List<String> left = new ArrayList<>(tags);
        left.removeAll(lostTags);
        return new StoredImage(id, left, digests, size, config);
    }

    private static List<String> join(List<String> some, List<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    static StoredImage read(JsonNode node) {
        return new StoredImage(
                Digest.parse(node.path("id").asString("")),
                ImageConfig.strings(node.path("tags")),
                ImageConfig.strings(node.path("digests")),
                node.path("size").asLong(),
                ImageConfig.read(node.path("config")));
    }

    void write(ObjectNode node) {
        node.put("id", id.toString()).put("size", size);
        ImageConfig.write(node.putArray("tags"), tags);
        ImageConfig.write(node.putArray("digests"), digests);
        config.write(node.putObject("config"));
    }
}
