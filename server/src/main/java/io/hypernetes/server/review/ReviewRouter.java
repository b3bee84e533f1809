package io.hypernetes.server.review;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authenticator.Meant;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.types.UnstoredTypes;
import io.hypernetes.server.access.Access;
import io.hypernetes.server.access.Authentication;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The groups {@code authentication.k8s.io} and {@code authorization.k8s.io}. */
public final class ReviewRouter implements Router {
    /** The extra field that tells the tenant, as in token reviews. */
    private static final String TENANT = "hypernetes.io/tenant";

    private final Access access;
    private final Authentication authentication;
    private final Decoding decoding;
    private final List<String> audience;

    /**
     * @param audience whom tokens are meant for that are meant for this server; empty where that is
     *     not known
     */
    public ReviewRouter(
            Access access,
            Authentication authentication,
            Decoding decoding,
            Optional<String> audience) {
        this.audience = audience.stream().toList();
        this.decoding = decoding;
        this.access = access;
        this.authentication = authentication;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        boolean mine =
                info.isResource()
                        && info.version().equals("v1")
                        && (info.group().equals("authentication.k8s.io")
                                || info.group().equals("authorization.k8s.io"));
        if (!mine) {
            return false;
        }
        if (!info.verb().equals("create") || !info.name().isEmpty()) {
            throw ResourceHandler.methodNotAllowed();
        }
        ObjectNode review = decoding.object(exchange);
        check(info, review);
        if (info.resource().endsWith("subjectaccessreviews")) {
            AccessReviews.check(review, info);
        }
        ObjectNode status =
                switch (info.group() + "/" + info.resource()) {
                    case "authentication.k8s.io/selfsubjectreviews" -> whoAmI(session);
                    case "authentication.k8s.io/tokenreviews" -> token(review, session);
                    case "authorization.k8s.io/selfsubjectaccessreviews" ->
                            mayI(session.user(), session, review);
                    case "authorization.k8s.io/selfsubjectrulesreviews" -> rules(session, review);
                    case "authorization.k8s.io/subjectaccessreviews" ->
                            mayI(subject(review), session, review);
                    case "authorization.k8s.io/localsubjectaccessreviews" ->
                            mayI(subject(review), session, review);
                    default -> throw ResourceHandler.notServed();
                };
        review.set("status", status);
        // Of what was asked about oneself only the answer goes out, and of a token no namespace.
        switch (info.resource()) {
            case "selfsubjectreviews" -> review.putObject("metadata");
            case "selfsubjectrulesreviews" -> {
                review.putObject("metadata");
                review.putObject("spec");
            }
            default -> Metadata.ensureMetadata(review).remove("namespace");
        }
        Answers answers =
                new Answers(Format.negotiateObject(exchange.headers("Accept")), "", false);
        exchange.reply(answers.tree(201, review));
        return true;
    }

    /** Throws BadRequest for wrong types. */
    private static void check(RequestInfo info, ObjectNode review) {
        UnstoredTypes.ALL.stream()
                .filter(type -> type.id().equals(new GroupResource(info.group(), info.resource())))
                .findFirst()
                .ifPresent(type ->
                        type.schema()
                                .decode(type.groupVersionKind(), review, FieldValidation.IGNORE));
    }

    /** What {@code kubectl auth can-i --list} shows. */
    private ObjectNode rules(Session session, ObjectNode review) {
        String namespace = review.path("spec").path("namespace").asString("");
        if (namespace.isEmpty()) {
            throw ApiException.badRequest("no namespace on request");
        }
        Authorizer.RuleList rules =
                access.rules(session.user(), session.world().orElse(Tenant.SYSTEM), namespace);
        ObjectNode status = Json.object();
        rules.resourceRules().forEach(status.putArray("resourceRules")::add);
        rules.nonResourceRules().forEach(status.putArray("nonResourceRules")::add);
        return status.put("incomplete", rules.incomplete());
    }

    /** {@code kubectl auth whoami} shows also in whose world one acts. */
    private static ObjectNode whoAmI(Session session) {
        ObjectNode user = userInfo(session.user());
        session.world()
                .ifPresent(world -> user.withObject("extra").putArray(TENANT).add(world.name()));
        ObjectNode status = Json.object();
        status.set("userInfo", user);
        return status;
    }

    private static ObjectNode userInfo(UserInfo user) {
        ObjectNode tree = Json.object().put("username", user.name());
        if (!user.uid().isEmpty()) {
            tree.put("uid", user.uid());
        }
        user.groups().forEach(tree.putArray("groups")::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        return tree;
    }

    /** Only a token of this world is known here; another tenant's is as good as none. */
    private ObjectNode token(ObjectNode review, Session session) {
        String token = review.path("spec").path("token").asString("");
        if (token.isEmpty()) {
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        }
        ObjectNode status = Json.object();
        // What was asked with is a secret and does not go out again.
        if (review.get("spec") instanceof ObjectNode spec) {
            spec.remove("token");
        }
        Credentials shown =
                new Credentials(Optional.of("Bearer " + token), Optional.empty(), session.world());
        List<String> wanted = new ArrayList<>();
        review.path("spec").path("audiences").forEach(one -> wanted.add(one.asString("")));
        Optional<Meant> ours =
                meant(shown, wanted)
                        .filter(m ->
                                session.world().map(m.identity().tenants()::contains).orElse(true));
        if (ours.isPresent()) {
            status.put("authenticated", true);
            status.set("user", userInfo(ours.get().identity().user()));
            if (!ours.get().audiences().isEmpty()) {
                ours.get().audiences().forEach(status.putArray("audiences")::add);
            }
        } else {
            status.put("error", "the token is not valid here").putObject("user");
        }
        return status;
    }

    /** A token that names nobody whom it is meant for is meant for this server. */
    private Optional<Meant> meant(Credentials shown, List<String> wanted) {
        if (!wanted.isEmpty()) {
            Optional<Meant> found = authentication.review(shown, wanted);
            if (found.isPresent() || audience.stream().noneMatch(wanted::contains)) {
                return found;
            }
        }
        try {
            return authentication.ask(shown).map(identity -> new Meant(identity, audience));
        } catch (ApiException e) {
            if (!e.is(Reason.UNAUTHORIZED)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static UserInfo subject(ObjectNode review) {
        JsonNode spec = review.path("spec");
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asString("")));
        String name = spec.path("user").asString("");
        Map<String, List<String>> extra = new LinkedHashMap<>();
        return new UserInfo(name, spec.path("uid").asString(""), groups, extra);
    }

    private ObjectNode mayI(UserInfo user, Session session, ObjectNode review) {
        JsonNode spec = review.path("spec");
        boolean aboutResource = spec.has("resourceAttributes");
        JsonNode asked = spec.path(aboutResource ? "resourceAttributes" : "nonResourceAttributes");
        String namespace = asked.path("namespace").asString("");
        Attributes attributes =
                new Attributes(
                        user,
                        session.world().orElse(Tenant.SYSTEM),
                        asked.path("verb").asString(""),
                        asked.path("group").asString(""),
                        asked.path("version").asString(""),
                        asked.path("resource").asString(""),
                        asked.path("subresource").asString(""),
                        namespace,
                        asked.path("name").asString(""),
                        asked.path("path").asString(""));
        ObjectNode status = Json.object();
        String told =
                switch (access.decide(attributes)) {
                    case Decision.Allow(String reason) -> {
                        status.put("allowed", true);
                        yield reason;
                    }
                    case Decision.Deny(String reason) -> {
                        status.put("allowed", false).put("denied", true);
                        yield reason;
                    }
                    case Decision.NoOpinion(String reason) -> {
                        status.put("allowed", false);
                        yield reason;
                    }
                };
        if (!told.isEmpty()) {
            status.put("reason", told);
        }
        return status;
    }
}
