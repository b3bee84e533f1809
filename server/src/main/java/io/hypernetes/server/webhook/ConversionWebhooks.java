package io.hypernetes.server.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.custom.CustomResources;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.outbound.LateDialer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Converts custom resources by asking the webhook of their definition: one ConversionReview for all
 * objects of a list. A webhook may change anything but what identifies an object: of the metadata
 * only labels and annotations are taken from its answer.
 */
public final class ConversionWebhooks implements CustomResources.Converters {
    /** Upstream's. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final WebhookClient client;

    public ConversionWebhooks(LateDialer dialer) {
        this.client = new WebhookClient(dialer);
    }

    @Override
    public Conversion of(Tenant tenant, ObjectNode definition) {
        JsonNode conversion = definition.path("spec").path("conversion");
        if (!conversion.path("strategy").asString("").equals("Webhook")) {
            return Conversion.NONE;
        }
        JsonNode webhook = conversion.path("webhook");
        Endpoint endpoint = Endpoint.of(webhook.path("clientConfig"));
        String version = "v1beta1";
        for (JsonNode known : webhook.path("conversionReviewVersions")) {
            String name = known.asString("");
            if (name.equals("v1") || name.equals("v1beta1")) {
                version = name;
                break;
            }
        }
        String review = version;
        return (objects, wanted) -> convert(tenant, endpoint, review, objects, wanted);
    }

    private List<ObjectNode> convert(
            Tenant tenant,
            Endpoint endpoint,
            String version,
            List<ObjectNode> objects,
            GroupVersionKind wanted) {
        if (objects.isEmpty()) {
            return objects;
        }
        String from =
                GroupVersionKind.of(
                                objects.getFirst().path("apiVersion").asString(""),
                                objects.getFirst().path("kind").asString(""))
                        .toString();
        String uid = UUID.randomUUID().toString();
        ObjectNode review = Json.object();
        review.put("kind", "ConversionReview").put("apiVersion", "apiextensions.k8s.io/" + version);
        ObjectNode request = review.putObject("request");
        request.put("uid", uid).put("desiredAPIVersion", wanted.apiVersion());
        ArrayNode sent = request.putArray("objects");
        objects.forEach(sent::add);
        JsonNode response;
        try {
            response = client.post(tenant, endpoint, TIMEOUT, review).path("response");
        } catch (WebhookException e) {
            throw failed(from, " failed: " + e.getMessage());
        }
        if (version.equals("v1") && !response.path("uid").asString("").equals(uid)) {
            throw failed(
                    from,
                    " failed: invalid response: expected response.uid=\""
                            + uid
                            + "\", got \""
                            + response.path("uid").asString("")
                            + "\"");
        }
        JsonNode result = response.path("result");
        if (!result.path("status").asString("").equals("Success")) {
            String message = result.path("message").asString("");
            throw failed(from, " failed: " + (message.isEmpty() ? "no reason was given" : message));
        }
        return checked(from, objects, response.path("convertedObjects"), wanted);
    }

    private static List<ObjectNode> checked(
            String from, List<ObjectNode> objects, JsonNode converted, GroupVersionKind wanted) {
        if (converted.size() != objects.size()) {
            throw failed(
                    from, " returned " + converted.size() + " objects, expected " + objects.size());
        }
        List<ObjectNode> checked = new ArrayList<>(objects.size());
        for (int i = 0; i < objects.size(); i++) {
            checked.add(checked(from, objects.get(i), converted.get(i), wanted, i));
        }
        return checked;
    }

    private static ObjectNode checked(
            String from, ObjectNode original, JsonNode answer, GroupVersionKind wanted, int index) {
        String where = " returned invalid converted object at index " + index + ": ";
        if (!(answer instanceof ObjectNode object)) {
            throw failed(from, where + "it is no object");
        }
        if (!object.path("apiVersion").asString("").equals(wanted.apiVersion())) {
            throw failed(
                    from,
                    where
                            + "invalid groupVersion (expected "
                            + wanted.apiVersion()
                            + ", received "
                            + object.path("apiVersion").asString("")
                            + ")");
        }
        if (!object.path("kind").asString("").equals(wanted.kind())) {
            throw failed(
                    from,
                    where
                            + "invalid kind (expected "
                            + wanted.kind()
                            + ", received "
                            + object.path("kind").asString("")
                            + ")");
        }
        ObjectNode metadata = Metadata.ensureMetadata(original).deepCopy();
        for (String field : List.of("labels", "annotations")) {
            JsonNode changed = object.path("metadata").path(field);
            if (changed.isObject() && !changed.isEmpty()) {
                metadata.set(field, changed);
            } else {
                metadata.remove(field);
            }
        }
        for (String field : List.of("name", "namespace", "uid")) {
            JsonNode told = object.path("metadata").path(field);
            if (!told.isMissingNode() && !Json.same(told, original.path("metadata").path(field))) {
                throw failed(
                        from,
                        " returned invalid metadata in object at index "
                                + index
                                + ": metadata."
                                + field
                                + " must not be changed");
            }
        }
        object.set("metadata", metadata);
        return object;
    }

    private static ApiException failed(String from, String reason) {
        return ApiException.of(Reason.INTERNAL_ERROR, "conversion webhook for " + from + reason);
    }
}
