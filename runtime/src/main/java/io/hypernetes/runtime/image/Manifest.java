package io.hypernetes.runtime.image;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image manifest or an index of them. OCI's and Docker's schema 2 forms have the same members;
 * which of the two a document is shows in the members, as media types are often missing.
 */
sealed interface Manifest {

    /** What to ask a registry for. */
    String ACCEPT =
            "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
                    + " application/vnd.docker.distribution.manifest.list.v2+json,"
                    + " application/vnd.docker.distribution.manifest.v2+json";

    int MAX_LAYERS = 256;

    /** The parts of one image. */
    record Image(Descriptor config, List<Descriptor> layers) implements Manifest {}

    /** Images for several platforms. */
    record Index(JsonNode entries) implements Manifest {

        /** The image for this node's guests: linux/amd64, of the oldest level of it. */
        Optional<Descriptor> linuxAmd64() {
            for (JsonNode entry : entries) {
                JsonNode platform = entry.path("platform");
                if (platform.path("os").asString("").equals("linux")
                        && platform.path("architecture").asString("").equals("amd64")
                        && platform.path("variant").asString("").isEmpty()) {
                    return Optional.of(Descriptor.read(entry));
                }
            }
            // Tools that make an image for one platform often do not name it.
            return entries.size() == 1 && entries.get(0).path("platform").isMissingNode()
                    ? Optional.of(Descriptor.read(entries.get(0)))
                    : Optional.empty();
        }
    }

    static Manifest parse(byte[] document) {
        JsonNode root = json(document, "the manifest");
        if (root.path("manifests").isArray()) {
            return new Index(root.path("manifests"));
        }
        if (!root.path("config").isObject() || !root.path("layers").isArray()) {
            throw ImageException.invalid(
                    "the manifest is neither an OCI image nor a Docker schema 2 image");
        }
        List<Descriptor> layers = new ArrayList<>();
        root.path("layers").forEach(layer -> layers.add(Descriptor.read(layer)));
        if (layers.size() > MAX_LAYERS) {
            throw ImageException.invalid("the image has more than " + MAX_LAYERS + " layers");
        }
        return new Image(Descriptor.read(root.path("config")), List.copyOf(layers));
    }

    static JsonNode json(byte[] document, String what) {
        try {
            return JsonMapper.shared().readTree(document);
        } catch (JacksonException e) {
            throw new ImageException(
                    ImageException.Reason.INVALID, what + " of the image is not JSON", e);
        }
    }
}
