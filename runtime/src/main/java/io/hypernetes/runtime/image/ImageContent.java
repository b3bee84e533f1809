package io.hypernetes.runtime.image;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An image that has been fetched: its configuration, whose digest is the image's id, and its layers
 * in files, lowest first, compressed or not. The layers are verified against the configuration when
 * they are flattened.
 */
record ImageContent(Digest id, ImageConfig config, List<Digest> diffIds, List<Path> layers) {

    static ImageContent of(byte[] configDocument, List<Path> layers) {
        JsonNode root = Manifest.json(configDocument, "the configuration");
        requirePlatform(root);
        JsonNode rootfs = root.path("rootfs");
        List<Digest> diffIds = new ArrayList<>();
        for (String diffId : ImageConfig.strings(rootfs.path("diff_ids"))) {
            diffIds.add(Digest.parse(diffId));
        }
        if (diffIds.size() != layers.size()) {
            throw ImageException.invalid(
                    "the image has "
                            + layers.size()
                            + " layers but its configuration names "
                            + diffIds.size());
        }
        return new ImageContent(
                Digest.of(configDocument),
                ImageConfig.read(root.path("config")),
                List.copyOf(diffIds),
                List.copyOf(layers));
    }

    private static void requirePlatform(JsonNode root) {
        String os = root.path("os").asString("linux");
        String architecture = root.path("architecture").asString("amd64");
        if (!os.equals("linux") || !architecture.equals("amd64")) {
            throw new ImageException(
                    ImageException.Reason.NOT_FOUND,
                    "the image is for " + os + "/" + architecture + ", not for linux/amd64");
        }
    }
}
