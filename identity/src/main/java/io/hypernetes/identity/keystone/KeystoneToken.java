package io.hypernetes.identity.keystone;

import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Keystone says about a token; not the token itself.
 *
 * @param userId stable; a name may be given to somebody else later
 * @param project empty unless the token is scoped to one
 * @param domainScope empty unless the token is scoped to a domain
 * @param roles by name, in the scope
 */
public record KeystoneToken(
        String userId,
        Named user,
        Optional<Project> project,
        Optional<Named.Domain> domainScope,
        List<String> roles,
        Instant expires) {

    /** A project, or what Keystone tells of one. */
    public record Project(String id, Named named) {}

    /** Throws {@link UnreachableException} for an answer that is none. */
    static KeystoneToken of(JsonNode answer) {
        JsonNode token = answer.path("token");
        JsonNode user = token.path("user");
        List<String> roles = new ArrayList<>();
        for (JsonNode role : token.path("roles")) {
            roles.add(text(role, "name"));
        }
        return new KeystoneToken(
                text(user, "id"),
                named(user),
                Optional.of(token.path("project"))
                        .filter(JsonNode::isObject)
                        .map(KeystoneToken::project),
                Optional.of(token.path("domain"))
                        .filter(JsonNode::isObject)
                        .map(KeystoneToken::domain),
                List.copyOf(roles),
                time(text(token, "expires_at")));
    }

    private static Project project(JsonNode project) {
        return new Project(text(project, "id"), named(project));
    }

    static Named.Domain domain(JsonNode domain) {
        return new Named.Domain(text(domain, "id"), text(domain, "name"));
    }

    private static Named named(JsonNode thing) {
        return new Named(text(thing, "name"), domain(thing.path("domain")));
    }

    static String text(JsonNode object, String field) {
        String text = object.path(field).asString("");
        if (text.isEmpty()) {
            throw new UnreachableException("Keystone's answer has no " + field);
        }
        return text;
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnreachableException("Keystone's answer has no time of expiry", e);
        }
    }
}
