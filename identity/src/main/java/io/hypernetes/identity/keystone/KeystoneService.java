package io.hypernetes.identity.keystone;

import static io.hypernetes.identity.keystone.KeystoneClient.encoded;
import static io.hypernetes.identity.keystone.KeystoneClient.tree;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.remote.BoundedHttp;
import io.hypernetes.identity.remote.BoundedHttp.Answer;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an installation with an account of its own asks of Keystone: projects, users and roles. The
 * account's rights are Keystone's to decide; looking needs the role {@code reader} of the system or
 * the cloud, making {@code admin}.
 *
 * <p>All throw {@link UnreachableException} when Keystone cannot be asked or refuses the account,
 * so that a project is only said to be gone when Keystone has said so. May be used by any thread.
 */
public final class KeystoneService implements AutoCloseable {

    /**
     * @param tags as they were when it was made; ours is among them
     */
    public record Project(
            String id, String name, String domainId, boolean enabled, List<String> tags) {}

    /**
     * @param description as it was when the user was made; ours is in it
     */
    public record User(
            String id, String name, String domainId, boolean enabled, String description) {}

    /** That a user has a role in a project, through a group or by inheritance too. */
    public record Assignment(String userId, Named user, String role) {}

    /** A project's role assignments come in one answer: half a kilobyte for each. */
    private static final long LONGEST_ANSWER = 64L << 20;

    private final KeystoneClient client;
    private final OpenStackAccess account;
    private final KeystoneSettings settings;
    private final BoundedHttp http;
    private final Listing<Project> projects;
    private final Listing<User> users;

    /** Guarded by this; got again when Keystone does not know it any more. */
    private Optional<String> token = Optional.empty();

    /**
     * @param fresh how old what is said about a project or a user may be
     */
    public KeystoneService(KeystoneSettings settings, OpenStackAccess account, Duration fresh) {
        this.settings = settings;
        this.account = account;
        this.client = new KeystoneClient(settings);
        this.http =
                new BoundedHttp(
                        "Keystone",
                        Trust.context(settings.authorities(), Optional.empty()),
                        settings.patience(),
                        LONGEST_ANSWER);
        this.projects = new Listing<>(() -> all("projects", KeystoneService::project), fresh);
        this.users = new Listing<>(() -> all("users", KeystoneService::user), fresh);
    }

    private <T> Map<String, T> all(String kind, Function<JsonNode, T> read) {
        Map<String, T> all = new HashMap<>();
        list("/" + kind, kind)
                .forEach(item -> all.put(KeystoneToken.text(item, "id"), read.apply(item)));
        return all;
    }

    public Optional<Project> project(String id) {
        return projects.get(id)
                .or(() ->
                        find("/projects/" + encoded(id))
                                .map(answer -> project(answer.path("project"))));
    }

    /** Of a domain, by name. */
    public Optional<Project> projectNamed(String name, String domainId) {
        String query = "?name=" + encoded(name) + "&domain_id=" + encoded(domainId);
        return list("/projects" + query, "projects").stream()
                .map(KeystoneService::project)
                .findFirst();
    }

    /** Throws {@link RefusedException} where there is one of that name, or Keystone forbids it. */
    public Project createProject(String name, String domainId, String description, String tag) {
        ObjectNode body = Json.object();
        ObjectNode project = body.putObject("project");
        project.put("name", name).put("domain_id", domainId).put("description", description);
        project.putArray("tags").add(tag);
        return project(create("/projects", body).path("project"));
    }

    public void deleteProject(String id) {
        delete("/projects/" + encoded(id));
    }

    /** A domain's id by its id or name. */
    private Optional<String> domain(String idOrName) {
        if (find("/domains/" + encoded(idOrName)).isPresent()) {
            return Optional.of(idOrName);
        }
        return list("/domains?name=" + encoded(idOrName), "domains").stream()
                .map(domain -> KeystoneToken.text(domain, "id"))
                .findFirst();
    }

    public Optional<User> user(String id) {
        return users.get(id)
                .or(() -> find("/users/" + encoded(id)).map(answer -> user(answer.path("user"))));
    }

    /** Of a domain, by name. */
    public Optional<User> userNamed(String name, String domainId) {
        String query = "?name=" + encoded(name) + "&domain_id=" + encoded(domainId);
        return list("/users" + query, "users").stream().map(KeystoneService::user).findFirst();
    }

    /** Throws {@link RefusedException} where there is one of that name, or Keystone forbids it. */
    public User createUser(
            String name, String domainId, String description, Optional<String> password) {
        ObjectNode body = Json.object();
        ObjectNode user = body.putObject("user");
        user.put("name", name).put("domain_id", domainId).put("description", description);
        password.ifPresent(text -> user.put("password", text));
        return user(create("/users", body).path("user"));
    }

    /** Gives a role; nothing when the user has it. Throws {@link RefusedException}. */
    public void assign(String userId, String projectId, String role) {
        String id =
                list("/roles?name=" + encoded(role), "roles").stream()
                        .map(found -> KeystoneToken.text(found, "id"))
                        .findFirst()
                        .orElseThrow(
                                () -> new RefusedException("Keystone has no role '" + role + "'"));
        String path =
                "/projects/" + encoded(projectId) + "/users/" + encoded(userId) + "/roles/" + id;
        Answer answer = send("PUT", path, Optional.empty());
        if (answer.status() != 204) {
            throw refused(answer);
        }
    }

    /** Who has which roles in a project. */
    public List<Assignment> assignments(String projectId) {
        String query = "?effective&include_names&scope.project.id=" + encoded(projectId);
        List<Assignment> assignments = new ArrayList<>();
        for (JsonNode entry : list("/role_assignments" + query, "role_assignments")) {
            JsonNode user = entry.path("user");
            if (user.isObject()) {
                Named.Domain domain = KeystoneToken.domain(user.path("domain"));
                assignments.add(
                        new Assignment(
                                KeystoneToken.text(user, "id"),
                                new Named(KeystoneToken.text(user, "name"), domain),
                                KeystoneToken.text(entry.path("role"), "name")));
            }
        }
        return assignments;
    }

    /** How RBAC calls a user of these names; empty for one that has no such name. */
    public Optional<String> username(Named user) {
        return user.qualified(settings.defaultDomain()).filter(name -> !name.startsWith("system:"));
    }

    /** The id of the domain that a name is of: the one it says, or the default one. */
    public Optional<String> domainOf(Named.Written name) {
        return name.domain().isEmpty()
                ? Optional.of(settings.defaultDomain())
                : domain(name.domain().get());
    }

    private static Project project(JsonNode project) {
        List<String> tags = new ArrayList<>();
        project.path("tags").forEach(tag -> tags.add(tag.asString("")));
        return new Project(
                KeystoneToken.text(project, "id"),
                KeystoneToken.text(project, "name"),
                KeystoneToken.text(project, "domain_id"),
                project.path("enabled").asBoolean(true),
                List.copyOf(tags));
    }

    private static User user(JsonNode user) {
        return new User(
                KeystoneToken.text(user, "id"),
                KeystoneToken.text(user, "name"),
                KeystoneToken.text(user, "domain_id"),
                user.path("enabled").asBoolean(true),
                user.path("description").asString(""));
    }

    private Optional<JsonNode> find(String path) {
        Answer answer = send("GET", path, Optional.empty());
        return switch (answer.status()) {
            case 200 -> Optional.of(tree(answer));
            case 404 -> Optional.empty();
            default -> throw unexpected(answer);
        };
    }

    private List<JsonNode> list(String path, String field) {
        Answer answer = send("GET", path, Optional.empty());
        if (answer.status() != 200 || !tree(answer).path(field).isArray()) {
            throw unexpected(answer);
        }
        List<JsonNode> items = new ArrayList<>();
        tree(answer).path(field).forEach(items::add);
        return items;
    }

    private JsonNode create(String path, ObjectNode body) {
        Answer answer = send("POST", path, Optional.of(body));
        if (answer.status() != 201) {
            throw refused(answer);
        }
        return tree(answer);
    }

    private void delete(String path) {
        Answer answer = send("DELETE", path, Optional.empty());
        if (answer.status() != 204 && answer.status() != 404) {
            throw refused(answer);
        }
    }

    private Answer send(String method, String path, Optional<ObjectNode> body) {
        String used = token();
        Answer answer = http.send(request(method, path, body, used));
        if (answer.status() != 401) {
            return answer;
        }
        forget(used);
        return http.send(request(method, path, body, token()));
    }

    private HttpRequest request(
            String method, String path, Optional<ObjectNode> body, String used) {
        URI address = settings.call(path);
        return HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("X-Auth-Token", used)
                .method(
                        method,
                        body.map(tree -> BodyPublishers.ofByteArray(Json.writeSecret(tree)))
                                .orElse(BodyPublishers.noBody()))
                .build();
    }

    private synchronized String token() {
        if (token.isEmpty()) {
            try {
                token = Optional.of(account.grant(client).value());
            } catch (IllegalArgumentException e) {
                throw new UnreachableException(
                        "the account in --keystone-service-file is refused: " + e.getMessage(), e);
            }
        }
        return token.get();
    }

    private synchronized void forget(String used) {
        token = token.filter(current -> !current.equals(used));
    }

    private static UnreachableException unexpected(Answer answer) {
        return new UnreachableException(
                "Keystone answers "
                        + answer.status()
                        + " to the account of --keystone-service-file");
    }

    private static RefusedException refused(Answer answer) {
        String said = "";
        try {
            said = Json.parse(answer.body()).at("/error/message").asString("");
        } catch (ApiException _) {
            // The code says enough.
        }
        return new RefusedException("Keystone refuses (" + answer.status() + "): " + said);
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }

    /** Keystone understood and does not do it; asking again helps only when something changes. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
