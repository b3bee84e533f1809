package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The service-account tokens that pods find as files. They die with their pod. */
final class PodTokens {
    /**
     * What admission writes when nobody wished for a time. Like upstream, such a token lives as
     * long as its pod (at most a year): the file is written once, when the pod starts.
     */
    private static final long UNASKED = 3607;

    private static final Duration AS_LONG_AS_THE_POD = Duration.ofDays(365);

    private final Client client;
    private final TokenIssuer tokens;

    PodTokens(Client client, TokenIssuer tokens) {
        this.client = client;
        this.tokens = tokens;
    }

    /**
     * @param source the volume's {@code serviceAccountToken}
     * @throws PodConfigException FailedMount, when the account is missing
     */
    byte[] issue(Tenant tenant, ObjectNode pod, JsonNode source) {
        String name = pod.path("spec").path("serviceAccountName").asString("default");
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), name);
        ObjectNode account =
                client.find(BuiltinTypes.SERVICE_ACCOUNTS, key)
                        .orElseThrow(() ->
                                new PodConfigException(
                                        "FailedMount",
                                        "serviceaccount \"" + name + "\" not found"));
        long seconds = source.path("expirationSeconds").asLong(3600);
        String audience = source.path("audience").asString("");
        return tokens.forServiceAccount(
                        tenant,
                        key.namespace(),
                        name,
                        Metadata.uid(account),
                        audience.isEmpty() ? List.of() : List.of(audience),
                        Optional.of(
                                new TokenIssuer.Bound(
                                        "Pod", Metadata.name(pod), Metadata.uid(pod))),
                        seconds == UNASKED ? AS_LONG_AS_THE_POD : Duration.ofSeconds(seconds))
                .value()
                .getBytes(StandardCharsets.UTF_8);
    }
}
