package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.TokenIssuer.Token;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code serviceaccounts/token}: bound, short-lived tokens (KEP-1205). */
final class ServiceAccountTokens {
    private static final GroupVersionKind KIND =
            new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");

    /** Seconds: what a request without a wish gets, and the bounds of wishes. */
    private static final long USUAL = 3600;

    private static final long SHORTEST = 600;
    private static final long LONGEST = 48 * 3600;
    private static final long MEANINGLESS = 1L << 32;

    /** What admission writes when nobody wished for a time: upstream, too, extends such a token. */
    private static final long UNASKED = 3607;

    private static final Duration AS_LONG_AS_THE_POD = Duration.ofDays(365);

    private final Reads reads;
    private final Decoding decoding;
    private final TokenIssuer tokens;
    private final ActionAdmission admission;

    ServiceAccountTokens(
            Reads reads, Decoding decoding, TokenIssuer tokens, ActionAdmission admission) {
        this.admission = admission;
        this.decoding = decoding;
        this.reads = reads;
        this.tokens = tokens;
    }

    void handle(ResourceRequest request) throws IOException, InterruptedException {
        ObjectNode asked = decoding.object(request.exchange());
        admission.create(request, KIND, asked);
        Served account =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        JsonNode wish = asked.path("spec").path("expirationSeconds");
        long seconds = wish.isIntegralNumber() ? wish.longValue() : USUAL;
        if (seconds < SHORTEST) {
            throw invalid(seconds, "may not specify a duration less than 10 minutes");
        }
        if (seconds > MEANINGLESS) {
            throw invalid(seconds, "may not specify a duration larger than 2^32 seconds");
        }
        List<String> audiences = new ArrayList<>();
        asked.path("spec").path("audiences").forEach(a -> audiences.add(a.asString("")));
        Optional<TokenIssuer.Bound> bound =
                bound(account, asked.path("spec").path("boundObjectRef"));
        Token token =
                tokens.forServiceAccount(
                        account.tenant(),
                        account.path().namespace(),
                        account.path().name(),
                        account.uid(),
                        audiences,
                        bound,
                        lifetime(seconds, bound));
        if (asked.get("spec") instanceof ObjectNode spec) {
            spec.put("expirationSeconds", seconds);
        } else {
            asked.putObject("spec").put("expirationSeconds", seconds);
        }
        asked.put("kind", KIND.kind()).put("apiVersion", KIND.apiVersion());
        asked.putObject("status")
                .put("token", token.value())
                .put(
                        "expirationTimestamp",
                        token.expires().truncatedTo(ChronoUnit.SECONDS).toString());
        request.reply(request.answers().tree(201, asked));
    }

    /** As long as its pod, for what a node asks that wished for nothing. */
    private static Duration lifetime(long seconds, Optional<TokenIssuer.Bound> bound) {
        boolean unasked =
                seconds == UNASKED && bound.filter(of -> of.kind().equals("Pod")).isPresent();
        return unasked ? AS_LONG_AS_THE_POD : Duration.ofSeconds(Math.min(seconds, LONGEST));
    }

    private static ApiException invalid(long seconds, String detail) {
        return ApiException.invalid(
                KIND,
                "",
                List.of(
                        FieldError.invalid(
                                "spec.expirationSeconds", Long.toString(seconds), detail)));
    }

    /** The object that the token is not to outlive, which must be there. */
    private Optional<TokenIssuer.Bound> bound(Served account, JsonNode reference) {
        if (!reference.isObject()) {
            return Optional.empty();
        }
        String kind = reference.path("kind").asString("");
        String version = reference.path("apiVersion").asString("");
        String name = reference.path("name").asString("");
        Optional<ResourceType> type =
                !version.equals("v1")
                        ? Optional.empty()
                        : switch (kind) {
                            case "Pod" -> Optional.of(BuiltinTypes.PODS);
                            case "Secret" -> Optional.of(BuiltinTypes.SECRETS);
                            case "Node" -> Optional.of(BuiltinTypes.NODES);
                            default -> Optional.empty();
                        };
        if (type.isEmpty()) {
            String group = version.contains("/") ? version : "/" + version;
            throw ApiException.badRequest(
                    "cannot bind token to object of type " + group + ", Kind=" + kind);
        }
        String namespace = type.get().namespaced() ? account.path().namespace() : "";
        Served object = reads.get(type.get(), account.tenant(), namespace, name);
        String runsAs = object.tree().path("spec").path("serviceAccountName").asString("");
        if (kind.equals("Pod") && !runsAs.equals(account.path().name())) {
            throw ApiException.badRequest(
                    "cannot bind token for serviceaccount \""
                            + account.path().name()
                            + "\" to pod running with different serviceaccount name.");
        }
        String uid = reference.path("uid").asString("");
        if (!uid.isEmpty() && !uid.equals(object.uid())) {
            throw ApiException.conflict(
                    new GroupResource("", kind),
                    name,
                    "the UID in the bound object reference ("
                            + uid
                            + ") does not match the UID in record. The object might have been"
                            + " deleted and then recreated");
        }
        return Optional.of(new TokenIssuer.Bound(kind, name, object.uid()));
    }
}
