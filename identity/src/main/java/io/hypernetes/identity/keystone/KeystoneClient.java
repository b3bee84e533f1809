package io.hypernetes.identity.keystone;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.remote.BoundedHttp;
import io.hypernetes.identity.remote.BoundedHttp.Answer;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The few calls of the Identity API v3 that say who somebody is. It has no account of its own at
 * Keystone: everybody's questions are asked with what they brought, and a token may ask about
 * itself.
 *
 * <p>All throw {@link UnreachableException} when Keystone cannot be asked or says something that
 * makes no sense. Nothing that it does not understand is a yes.
 */
public final class KeystoneClient implements AutoCloseable {

    /** A token that Keystone has just given; its value is a secret. */
    public record Grant(String value, KeystoneToken token) {
        @Override
        public String toString() {
            return "Grant[withheld]";
        }
    }

    /** Something that may stand in a header. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1,8192}");

    private final KeystoneSettings settings;
    private final BoundedHttp http;

    public KeystoneClient(KeystoneSettings settings) {
        this.settings = settings;
        this.http =
                new BoundedHttp(
                        "Keystone",
                        Trust.context(settings.authorities(), Optional.empty()),
                        settings.patience());
    }

    /** Empty when Keystone refuses: it never says why. */
    public Optional<Grant> authenticate(Proof proof, Scope scope) {
        ObjectNode body = Json.object();
        ObjectNode auth = body.putObject("auth");
        auth.set("identity", proof.identity());
        scope.tree().ifPresent(tree -> auth.set("scope", tree));
        HttpRequest request =
                request("/auth/tokens?nocatalog")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeSecret(body)))
                        .build();
        Answer answer = http.send(request);
        return switch (answer.status()) {
            case 201 -> {
                String value = answer.headers().firstValue("X-Subject-Token").orElse("");
                if (!TOKEN.matcher(value).matches()) {
                    throw new UnreachableException("Keystone granted no token");
                }
                yield Optional.of(new Grant(value, KeystoneToken.of(tree(answer))));
            }
            // 400: a name that Keystone's schema does not allow; 403: a rule of its own.
            case 400, 401, 403 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    /** Empty when it is none, or not any more. */
    public Optional<KeystoneToken> validate(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        Answer answer =
                http.send(
                        request("/auth/tokens?nocatalog")
                                .header("X-Auth-Token", token)
                                .header("X-Subject-Token", token)
                                .GET()
                                .build());
        return switch (answer.status()) {
            case 200 -> Optional.of(KeystoneToken.of(tree(answer)));
            case 401, 403, 404 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    /** The groups of the token's own user: names with their domain's id. */
    public List<Named> groups(KeystoneToken token, String value) {
        List<Named> groups = new ArrayList<>();
        for (JsonNode group :
                list("/users/" + encoded(token.userId()) + "/groups", value, "groups")) {
            String domain = KeystoneToken.text(group, "domain_id");
            // Of another domain than the user's only the id is told here.
            String name =
                    domain.equals(token.user().domain().id())
                            ? token.user().domain().name()
                            : domain;
            groups.add(
                    new Named(KeystoneToken.text(group, "name"), new Named.Domain(domain, name)));
        }
        return groups;
    }

    /** The ids and names of projects that the token's user has a role in, with the domains' ids. */
    public List<KeystoneToken.Project> projects(String value) {
        List<KeystoneToken.Project> projects = new ArrayList<>();
        for (JsonNode project : list("/auth/projects", value, "projects")) {
            String domain = KeystoneToken.text(project, "domain_id");
            projects.add(
                    new KeystoneToken.Project(
                            KeystoneToken.text(project, "id"),
                            new Named(
                                    KeystoneToken.text(project, "name"),
                                    new Named.Domain(domain, domain))));
        }
        return projects;
    }

    private JsonNode list(String path, String value, String field) {
        Answer answer = http.send(request(path).header("X-Auth-Token", value).GET().build());
        return switch (answer.status()) {
            case 200 -> tree(answer).path(field);
            case 401, 403, 404 -> Json.object();
            default -> throw unexpected(answer);
        };
    }

    private HttpRequest.Builder request(String path) {
        URI address = settings.call(path);
        return HttpRequest.newBuilder(address).header("Accept", "application/json");
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static JsonNode tree(Answer answer) {
        try {
            return Json.parse(answer.body());
        } catch (ApiException e) {
            throw new UnreachableException("Keystone's answer is no JSON", e);
        }
    }

    private static UnreachableException unexpected(Answer answer) {
        return new UnreachableException(
                "Keystone answers "
                        + answer.status()
                        + ": does --keystone-url name the Identity API v3?");
    }

    @Override
    public void close() {
        http.close();
    }
}
