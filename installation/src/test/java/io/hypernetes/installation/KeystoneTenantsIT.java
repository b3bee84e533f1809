package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.memoryclient.MortalClient;
import io.hypernetes.tenancy.KeystoneDuties;
import io.hypernetes.tenancy.KeystoneRoles;
import io.hypernetes.tenancy.ProjectController;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Tenants and users of a server and what becomes of them in a real Keystone, both ways. */
class KeystoneTenantsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static KeystoneCloud cloud;
    private static KeystoneProcess keystone;
    private static RemoteClient operator;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cloud = KeystoneCloud.get();
        keystone = cloud.keystone();
        operator = cloud.operator();
    }

    @AfterAll
    static void end() {
        operator.close();
    }

    @Test
    void aTenantHoldsToTheProjectThatItAdopted() throws IOException, InterruptedException {
        String project = keystone.create("project", "initech", "domain_id", "default");
        keystone.role("PUT", keystone.user("carol"), project, "member");
        tenant("initech", Json.object());
        until(() -> reason("initech").equals("ProjectAdopted"));
        assertThat(at("initech", "/status/keystone/projectId")).isEqualTo(project);
        until(() -> getsIn("carol", "initech"));

        change("project", project, "name", "initrode");
        until(() -> reason("initech").equals("ProjectRenamed"));
        assertThat(at("initech", "/status/keystone/projectName")).isEqualTo("initrode");
        assertThat(getsIn("carol", "initech")).isTrue();
        String namesake = keystone.create("project", "initech", "domain_id", "default");
        keystone.role("PUT", keystone.user("mallory"), namesake, "admin");
        assertThat(getsIn("mallory", "initech"))
                .as("a project that took the name of the tenant's")
                .isFalse();

        keystone.admin("PATCH", "/projects/" + project, Optional.of(enabled(false)));
        until(() -> reason("initech").equals("ProjectDisabled"));
        until(() -> !getsIn("carol", "initech"));
        keystone.admin("PATCH", "/projects/" + project, Optional.of(enabled(true)));
        until(() -> reason("initech").equals("ProjectFound"));

        keystone.admin("DELETE", "/projects/" + project, Optional.empty());
        until(() -> reason("initech").equals("ProjectRemoved"));
        until(() -> !getsIn("carol", "initech"));
        assertThat(at("initech", "/status/phase")).isEqualTo("Active");
        ObjectKey world = new ObjectKey(new Tenant("initech"), "", "default");
        assertThat(operator.find(BuiltinTypes.NAMESPACES, world)).isPresent();
        assertThat(events("initech"))
                .contains("ProjectAdopted", "ProjectRenamed", "ProjectDisabled", "ProjectRemoved");
    }

    @Test
    void aTenantAdoptsAProjectByItsId() throws IOException, InterruptedException {
        String project = keystone.create("project", "called-otherwise", "domain_id", "default");
        keystone.role("PUT", keystone.user("ines"), project, "member");
        ObjectNode spec = Json.object();
        spec.putObject("keystone").put("project", project);
        tenant("by-id", spec);
        until(() -> reason("by-id").equals("ProjectAdopted"));
        assertThat(at("by-id", "/status/keystone/projectName")).isEqualTo("called-otherwise");
        until(() -> getsIn("ines", "by-id"));
    }

    @Test
    void aProjectIsMadeForATenantAndGoesWithItWhereThatIsAskedFor()
            throws IOException, InterruptedException {
        ObjectNode spec = Json.object();
        spec.putObject("keystone").put("create", true);
        spec.putObject("deletionPolicy").put("keystoneProject", "Delete");
        tenant("hooli", spec);
        until(() -> reason("hooli").equals("ProjectCreated"));
        JsonNode made = projects("hooli").path(0);
        assertThat(made.path("id").asString()).isEqualTo(at("hooli", "/status/keystone/projectId"));
        assertThat(made.path("tags").path(0).asString()).startsWith("hypernetes-tenant-");

        keystone.create("project", "taken", "domain_id", "default");
        tenant("taken", spec.deepCopy());
        until(() -> reason("taken").equals("ProjectExists"));
        for (String name : new String[] {"hooli", "taken"}) {
            operator.delete(BuiltinTypes.TENANTS, key(name), DeleteOptions.DEFAULT);
            until(() -> operator.find(BuiltinTypes.TENANTS, key(name)).isEmpty());
        }
        assertThat(projects("hooli")).isEmpty();
        assertThat(projects("taken")).hasSize(1);
    }

    @Test
    void peopleOfAProjectHaveUserObjectsThatFollowKeystone()
            throws IOException, InterruptedException {
        String project = keystone.create("project", "umbrella", "domain_id", "default");
        String dave = keystone.user("dave");
        keystone.role("PUT", dave, project, "member");
        tenant("umbrella", Json.object());
        until(() -> operator.find(BuiltinTypes.USERS, key("dave")).isPresent());
        ObjectNode user = operator.get(BuiltinTypes.USERS, key("dave"));
        assertThat(user.at("/spec/tenants/0/name").asString()).isEqualTo("umbrella");
        assertThat(user.at("/spec/tenants/0/role").asString()).isEqualTo("member");
        Tenant umbrella = new Tenant("umbrella");
        ObjectKey binding = new ObjectKey(umbrella, "", "dave-namespace-creater");
        until(() -> operator.find(BuiltinTypes.CLUSTER_ROLE_BINDINGS, binding).isPresent());

        keystone.role("DELETE", dave, project, "member");
        until(() -> operator.find(BuiltinTypes.CLUSTER_ROLE_BINDINGS, binding).isEmpty());
        keystone.admin("DELETE", "/users/" + dave, Optional.empty());
        until(() -> condition(BuiltinTypes.USERS, "dave", "KeystoneUser").equals("UserRemoved"));
    }

    @Test
    void aNameThatHasChangedHandsLetsNobodyInUntilTheObjectIsGone()
            throws IOException, InterruptedException {
        String project = keystone.create("project", "handover", "domain_id", "default");
        String first = keystone.user("hal");
        keystone.role("PUT", first, project, "member");
        tenant("handover", Json.object());
        until(() -> operator.find(BuiltinTypes.USERS, key("hal")).isPresent());
        until(() -> getsIn("hal", "handover"));
        change("user", first, "name", "hal-the-first");
        String second = keystone.user("hal");
        keystone.role("PUT", second, project, "member");
        until(() -> condition(BuiltinTypes.USERS, "hal", "KeystoneUser").equals("NameDiffers"));
        until(() -> !getsIn("hal", "handover"));
        until(() -> operator.find(BuiltinTypes.USERS, key("hal-the-first")).isPresent());
        until(() -> getsIn("hal-the-first", "handover"));
        assertThat(getsIn("hal", "handover")).as("has the name of another").isFalse();

        operator.delete(BuiltinTypes.USERS, key("hal"), DeleteOptions.DEFAULT);
        until(() -> getsIn("hal", "handover"));
        until(() ->
                operator.find(BuiltinTypes.USERS, key("hal"))
                        .filter(user -> user.at("/spec/keystone/user").asString("").equals(second))
                        .isPresent());
    }

    @Test
    void aUserIsMadeInKeystoneWithTheRolesAndThePasswordThatAreAskedFor() {
        until(() -> !at("acme", "/status/keystone/projectId").isEmpty());
        ObjectNode secret = named("erin-first");
        secret.withObject("metadata").put("namespace", "hypernetes-users");
        String password =
                Base64.getEncoder()
                        .encodeToString(
                                KeystoneProcess.PASSWORD.getBytes(StandardCharsets.US_ASCII));
        secret.putObject("data").put("password", password);
        operator.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        ObjectNode user = named("erin").put("username", "erin");
        ObjectNode spec = user.putObject("spec");
        spec.putArray("tenants").addObject().put("name", "acme").put("role", "reader");
        spec.putObject("keystone")
                .put("create", true)
                .putObject("passwordSecretRef")
                .put("name", "erin-first");
        operator.create(BuiltinTypes.USERS, Tenant.SYSTEM, user);
        until(() -> condition(BuiltinTypes.USERS, "erin", "KeystoneUser").equals("UserCreated"));
        until(() -> getsIn("erin", "acme"));
    }

    /** At each write of the object, in Keystone and after it: the same project in the end. */
    @Test
    void killedAtAnyInstantTheNextStartFindsTheProjectThatWasMade()
            throws IOException, InterruptedException {
        KeystoneDuties duties =
                new KeystoneDuties(true, false, Duration.ofMillis(10), KeystoneRoles.DEFAULTS);
        try (KeystoneService service =
                new KeystoneService(cloud.settings(), cloud.account(), duties.every())) {
            for (int writes = 0; writes < 3; writes++) {
                String name = "killed" + writes;
                Client client = new MemoryClient();
                ObjectNode tenant = named(name);
                ObjectNode spec = tenant.putObject("spec");
                spec.putObject("keystone").put("create", true);
                spec.putObject("deletionPolicy").put("keystoneProject", "Delete");
                client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
                MortalClient mortal = new MortalClient(client, writes);
                try (var controller = controller(mortal, service, duties)) {
                    controller.start();
                    until(() -> mortal.isDead() || !pinned(client, name).isEmpty());
                }
                try (var controller = controller(client, service, duties)) {
                    controller.start();
                    until(() -> !pinned(client, name).isEmpty());
                    assertThat(projects(name)).as("made once").hasSize(1);
                    client.delete(BuiltinTypes.TENANTS, key(name), DeleteOptions.DEFAULT);
                    until(() -> client.find(BuiltinTypes.TENANTS, key(name)).isEmpty());
                    assertThat(projects(name)).isEmpty();
                }
            }
        }
    }

    private static ProjectController controller(
            Client client, KeystoneService service, KeystoneDuties duties) {
        return new ProjectController(client, service, duties, Clock.systemUTC());
    }

    private static String pinned(Client client, String tenant) {
        return client.find(BuiltinTypes.TENANTS, key(tenant))
                .map(object -> object.at("/status/keystone/projectId").asString(""))
                .orElse("");
    }

    private static boolean getsIn(String user, String tenant) {
        try (RemoteClient client = cloud.login(user, "")) {
            client.send("GET", "/tenants/" + tenant + "/api/v1/namespaces", Optional.empty(), "");
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    private static void tenant(String name, ObjectNode spec) {
        ObjectNode tenant = named(name);
        tenant.set("spec", spec);
        operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
    }

    private static void change(String kind, String id, String field, String value)
            throws IOException, InterruptedException {
        ObjectNode body = Json.object();
        body.putObject(kind).put(field, value);
        keystone.admin("PATCH", "/" + kind + "s/" + id, Optional.of(body));
    }

    private static ObjectNode enabled(boolean enabled) {
        ObjectNode body = Json.object();
        body.putObject("project").put("enabled", enabled);
        return body;
    }

    private static JsonNode projects(String name) throws IOException, InterruptedException {
        return keystone.admin("GET", "/projects?name=" + name, Optional.empty()).path("projects");
    }

    private static String reason(String tenant) {
        return condition(BuiltinTypes.TENANTS, tenant, "KeystoneProject");
    }

    private static String condition(ResourceType type, String name, String condition) {
        for (JsonNode entry : operator.get(type, key(name)).path("status").path("conditions")) {
            if (entry.path("type").asString("").equals(condition)) {
                return entry.path("reason").asString("");
            }
        }
        return "";
    }

    private static String at(String tenant, String pointer) {
        return operator.get(BuiltinTypes.TENANTS, key(tenant)).at(pointer).asString("");
    }

    private static List<String> events(String about) {
        return operator
                .list(BuiltinTypes.EVENTS, Selection.of(Tenant.SYSTEM, "default"))
                .items()
                .stream()
                .map(event -> event.object())
                .filter(event -> event.at("/involvedObject/name").asString("").equals(about))
                .map(event -> event.path("reason").asString(""))
                .toList();
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(holds);
    }
}
