package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.PkiException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs approved CertificateSigningRequests of the signers that are ours, in every world, and
 * approves what nodes ask for themselves. It forgets old requests: an hour after the verdict, a day
 * when there is none.
 */
public final class CertificateController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final Duration AFTER_VERDICT = Duration.ofHours(1);
    private static final Duration UNDECIDED = Duration.ofHours(24);

    private final Client client;
    private final Signers signers;
    private final Clock clock;
    private final Informer requests;
    private final Controller<ObjectKey> controller;

    public CertificateController(Client client, CertificateAuthority authority, Clock clock) {
        this.client = client;
        this.signers = new Signers(authority);
        this.clock = clock;
        this.requests = new Informer(client, BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS);
        this.controller = Controller.of("certificate", 2, requests, this);
    }

    public CertificateController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        requests.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ObjectNode request = requests.get(key).map(ObjectNode::deepCopy).orElse(null);
        if (request == null || Metadata.isBeingDeleted(request)) {
            return DONE;
        }
        Instant end = end(request);
        if (!clock.instant().isBefore(end)) {
            client.delete(
                    BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS,
                    key,
                    DeleteOptions.DEFAULT.onlyUid(Metadata.uid(request)));
            return DONE;
        }
        boolean waits =
                condition(request, "Approved").isPresent()
                        && condition(request, "Denied").isEmpty()
                        && condition(request, "Failed").isEmpty()
                        && request.path("status").path("certificate").asString("").isEmpty();
        if (request.path("status").path("conditions").isEmpty()) {
            KubeletApproval.reason(key.tenant(), request)
                    .ifPresent(reason -> approve(key, request, reason));
        }
        if (waits && signers.isOurs(request.path("spec").path("signerName").asString(""))) {
            sign(key, request);
        }
        return Reconciler.again(Duration.between(clock.instant(), end).plusSeconds(1));
    }

    private void approve(ObjectKey key, ObjectNode request, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode patch = Json.object();
        patch.putObject("metadata").put("resourceVersion", Metadata.resourceVersion(request));
        patch.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True")
                .put("reason", "AutoApproved")
                .put("message", message)
                .put("lastUpdateTime", now)
                .put("lastTransitionTime", now);
        client.patch(
                BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key, new Patch.Merge(patch), "approval");
    }

    private void sign(ObjectKey key, ObjectNode request) {
        try {
            String certificate = signers.sign(key.tenant(), request);
            request.withObject("status")
                    .put(
                            "certificate",
                            Base64.getEncoder()
                                    .encodeToString(
                                            certificate.getBytes(StandardCharsets.US_ASCII)));
        } catch (PkiException e) {
            String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
            request.withObject("status")
                    .withArray("conditions")
                    .addObject()
                    .put("type", "Failed")
                    .put("status", "True")
                    .put("reason", "SignerValidationFailure")
                    .put("message", String.valueOf(e.getMessage()))
                    .put("lastUpdateTime", now)
                    .put("lastTransitionTime", now);
        }
        client.updateStatus(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key.tenant(), request);
    }

    /** When nobody needs the request any more. */
    private Instant end(ObjectNode request) {
        for (String verdict : new String[] {"Denied", "Failed", "Approved"}) {
            Optional<JsonNode> condition = condition(request, verdict);
            if (condition.isPresent()) {
                return time(condition.get().path("lastUpdateTime").asString(""))
                        .plus(AFTER_VERDICT);
            }
        }
        return time(Metadata.creationTimestamp(request)).plus(UNDECIDED);
    }

    private Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            return clock.instant();
        }
    }

    private static Optional<JsonNode> condition(ObjectNode request, String type) {
        return request.path("status")
                .path("conditions")
                .valueStream()
                .filter(c -> c.path("type").asString("").equals(type))
                .filter(c -> c.path("status").asString("True").equals("True"))
                .findFirst();
    }
}
