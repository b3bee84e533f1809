package io.hypernetes.identity.webhook;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Answers AdmissionReviews about namespaces so that an annotation says who made each: written from
 * the request's user when the namespace is created, whatever the client says, and kept as it is
 * afterwards.
 */
public record CreatorReviews(String annotation) {

    private static final String VERSION = "admission.k8s.io/v1";

    /** Empty for what is no AdmissionReview. */
    public Optional<ObjectNode> answer(ObjectNode review) {
        JsonNode request = review.path("request");
        String uid = request.path("uid").asString("");
        if (!review.path("apiVersion").asString("").equals(VERSION) || uid.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode answer = Json.object().put("apiVersion", VERSION).put("kind", "AdmissionReview");
        ObjectNode response = answer.putObject("response").put("uid", uid).put("allowed", true);
        ArrayNode patch = patch(request);
        if (!patch.isEmpty()) {
            String text = patch.toString();
            response.put("patchType", "JSONPatch")
                    .put(
                            "patch",
                            Base64.getEncoder()
                                    .encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.of(answer);
    }

    private ArrayNode patch(JsonNode request) {
        ArrayNode patch = Json.object().putArray("patch");
        boolean created = request.path("operation").asString("").equals("CREATE");
        String wanted =
                created
                        ? request.path("userInfo").path("username").asString("")
                        : annotation(request.path("oldObject"));
        JsonNode annotations = request.path("object").path("metadata").path("annotations");
        String present = annotation(request.path("object"));
        if (wanted.equals(present) || !request.path("object").isObject()) {
            return patch;
        }
        if (!annotations.isObject()) {
            patch.addObject()
                    .put("op", "add")
                    .put("path", "/metadata/annotations")
                    .putObject("value")
                    .put(annotation, wanted);
        } else if (wanted.isEmpty()) {
            patch.addObject().put("op", "remove").put("path", path());
        } else {
            patch.addObject().put("op", "add").put("path", path()).put("value", wanted);
        }
        return patch;
    }

    private String annotation(JsonNode object) {
        return object.path("metadata").path("annotations").path(annotation).asString("");
    }

    /** RFC 6901. */
    private String path() {
        return "/metadata/annotations/" + annotation.replace("~", "~0").replace("/", "~1");
    }
}
