package io.hypernetes.node;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;

/** Volumes that are images (KEP-4639): pulled as the images of containers are. */
final class ImageVolumes {

    private ImageVolumes() {}

    static boolean isOne(ObjectNode pod, String volume) {
        return pod.path("spec")
                .path("volumes")
                .valueStream()
                .anyMatch(one -> one.path("name").asString("").equals(volume) && one.has("image"));
    }

    /**
     * Those that a container mounts, by their volumes' names.
     *
     * @return what an image is pulled for, in the words of a container: its name for events, the
     *     image, the policy
     */
    static Map<String, JsonNode> of(ObjectNode pod, JsonNode container) {
        Map<String, JsonNode> images = new HashMap<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            String name = volume.path("name").asString("");
            boolean mounted =
                    container
                            .path("volumeMounts")
                            .valueStream()
                            .anyMatch(mount -> mount.path("name").asString("").equals(name));
            if (mounted && volume.has("image")) {
                JsonNode source = volume.path("image");
                images.put(
                        name,
                        Json.object()
                                .put("name", container.path("name").asString(""))
                                .put("image", source.path("reference").asString(""))
                                .put(
                                        "imagePullPolicy",
                                        source.path("pullPolicy").asString("IfNotPresent")));
            }
        }
        return images;
    }
}
