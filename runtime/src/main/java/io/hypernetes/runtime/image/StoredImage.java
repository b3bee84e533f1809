package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An image that is there.
 *
 * @param id digest of its configuration
 * @param held the names by which each holder may use it; who is not in it may not
 * @param size of the squashfs in bytes
 */
public record StoredImage(Digest id, Map<ImageHolder, Names> held, long size, ImageConfig config) {

    /**
     * What a holder calls it.
     *
     * @param tags complete names with a tag, sorted
     * @param digests complete names with the digest of a manifest or index, sorted
     */
    public record Names(List<String> tags, List<String> digests) {
        static final Names NONE = new Names(List.of(), List.of());

        public Names {
            tags = List.copyOf(tags);
            digests = List.copyOf(digests);
        }

        private boolean has(String name) {
            return tags.contains(name) || digests.contains(name);
        }

        private Names with(Names more) {
            return new Names(join(tags, more.tags), join(digests, more.digests));
        }

        private Names withoutTags(List<String> lost) {
            List<String> left = new ArrayList<>(tags);
            left.removeAll(lost);
            return new Names(left, digests);
        }
    }

    public StoredImage {
        held = Map.copyOf(held);
    }

    /** All tags of all holders, sorted. */
    public List<String> tags() {
        return held.values().stream().map(Names::tags).reduce(List.of(), StoredImage::join);
    }

    /** All names by digest of all holders, sorted. */
    public List<String> digests() {
        return held.values().stream().map(Names::digests).reduce(List.of(), StoredImage::join);
    }

    /** Whether this holder, or everyone, may use it. */
    public boolean isHeldBy(ImageHolder holder) {
        return held.containsKey(holder) || held.containsKey(ImageHolder.EVERYONE);
    }

    /** The same image with no names but this holder's and everyone's. */
    public StoredImage seenBy(ImageHolder holder) {
        Map<ImageHolder, Names> seen = new HashMap<>(held);
        seen.keySet().removeIf(one -> !one.equals(holder) && !one.equals(ImageHolder.EVERYONE));
        return new StoredImage(id, seen, size, config);
    }

    /** Whether a complete name ({@link ImageName#toString}) is this holder's for this image. */
    boolean isNamed(ImageHolder holder, String name) {
        return held.getOrDefault(holder, Names.NONE).has(name);
    }

    /** Whether somebody has pulled it from this registry and repository, or everyone has it. */
    boolean isKnownFrom(String path) {
        return held.containsKey(ImageHolder.EVERYONE)
                || digests().stream().anyMatch(digest -> digest.startsWith(path + "@"));
    }

    StoredImage sized(long bytes) {
        return new StoredImage(id, held, bytes, config);
    }

    StoredImage with(ImageHolder holder, Names names) {
        Map<ImageHolder, Names> more = new HashMap<>(held);
        more.merge(holder, names, Names::with);
        return new StoredImage(id, more, size, config);
    }

    StoredImage withoutTags(ImageHolder holder, List<String> lost) {
        Names names = held.get(holder);
        if (names == null) {
            return this;
        }
        Map<ImageHolder, Names> left = new HashMap<>(held);
        left.put(holder, names.withoutTags(lost));
        return new StoredImage(id, left, size, config);
    }

    StoredImage without(ImageHolder holder) {
        Map<ImageHolder, Names> left = new HashMap<>(held);
        left.remove(holder);
        return new StoredImage(id, left, size, config);
    }

    private static List<String> join(List<String> some, List<String> others) {
        TreeSet<String> all = new TreeSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    static StoredImage read(JsonNode node) {
        Map<ImageHolder, Names> held = new HashMap<>();
        for (JsonNode holder : node.path("held")) {
            held.put(
                    new ImageHolder(holder.path("holder").asString("")),
                    new Names(
                            ImageConfig.strings(holder.path("tags")),
                            ImageConfig.strings(holder.path("digests"))));
        }
        return new StoredImage(
                Digest.parse(node.path("id").asString("")),
                held,
                node.path("size").asLong(),
                ImageConfig.read(node.path("config")));
    }

    void write(ObjectNode node) {
        node.put("id", id.toString()).put("size", size);
        var holders = node.putArray("held");
        held.forEach((holder, names) -> {
            ObjectNode one = holders.addObject().put("holder", holder.name());
            ImageConfig.write(one.putArray("tags"), names.tags());
            ImageConfig.write(one.putArray("digests"), names.digests());
        });
        config.write(node.putObject("config"));
    }
}
