package io.hypernetes.identity.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.keystone.KeystoneAuthenticator;
import io.hypernetes.identity.keystone.KeystoneClient;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.keystone.Proof;
import io.hypernetes.identity.keystone.Scope;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.remote.UnreachableException;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A real Keystone is asked. */
class KeystoneIT {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    @TempDir static Path directory;

    private static final MemoryClient client = new MemoryClient();

    private static KeystoneProcess keystone;
    private static KeystoneAuthenticator authenticator;
    private static String acme;
    private static String globex;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        keystone = KeystoneProcess.start(directory);
        acme = keystone.create("project", "acme", "domain_id", "default");
        globex = keystone.create("project", "project-of-globex", "domain_id", "default");
        tenant(client, ACME, "");
        tenant(client, GLOBEX, globex);
        KeystoneSettings settings =
                new KeystoneSettings(
                        keystone.url(),
                        Optional.empty(),
                        "default",
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(60));
        String frank = keystone.user("frank");
        keystone.role("PUT", frank, acme, "member");
        authenticator = new KeystoneAuthenticator(settings, client, Clock.systemUTC()).start();
        authenticator.awaitSynced();
    }

    @AfterAll
    static void end() {
        if (authenticator != null) {
            authenticator.close();
        }
        if (keystone != null) {
            keystone.close();
        }
    }

    private static void tenant(MemoryClient client, Tenant tenant, String project) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", tenant.name());
        if (!project.isEmpty()) {
            object.putObject("spec").putObject("keystone").put("project", project);
        }
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
    }

    @Test
    void passwordsTokensAndApplicationCredentials() throws IOException, InterruptedException {
        String alice = keystone.user("alice", "default_project_id", acme);
        keystone.role("PUT", alice, acme, "member");
        keystone.role("PUT", alice, globex, "reader");
        String devs = keystone.create("group", "devs", "domain_id", "default");
        keystone.admin("PUT", "/groups/" + devs + "/users/" + alice, Optional.empty());

        Identity byDefault = basic("alice", "secret", Optional.empty());
        assertThat(byDefault.home()).contains(ACME);
        assertThat(byDefault.user().name()).isEqualTo("alice");
        assertThat(byDefault.user().groups()).contains("role:member", "group:devs");

        Identity chosen = basic("alice", "secret", Optional.of(GLOBEX));
        assertThat(chosen.tenants()).containsExactly(GLOBEX);
        assertThat(chosen.user().groups()).contains("role:reader").doesNotContain("role:member");
        assertThat(basic("alice", "secret", Optional.of(new Tenant("nobody"))).tenants())
                .doesNotContain(new Tenant("nobody"));
        refused("Basic " + encoded("alice", "wrong"), Optional.empty());

        String token = keystone.token("alice", "acme");
        assertThat(bearer(token, Optional.empty()).home()).contains(ACME);
        assertThat(bearer(token, Optional.of(GLOBEX)).tenants())
                .as("a token for acme, whatever is wanted")
                .containsExactly(ACME);

        String unscoped = keystone.token("alice", Optional.empty());
        assertThat(bearer(unscoped, Optional.empty()).tenants())
                .containsExactlyInAnyOrder(ACME, GLOBEX);
        assertThat(bearer(unscoped, Optional.of(GLOBEX)).home()).contains(GLOBEX);

        ObjectNode wish = Json.object();
        wish.putObject("application_credential").put("name", "robot").put("secret", "s3cret");
        ObjectNode made =
                keystone.call(
                        "POST",
                        "/users/" + alice + "/application_credentials",
                        Optional.of(wish),
                        token);
        String id = made.path("application_credential").path("id").asString();
        assertThat(basic("application-credential/" + id, "s3cret", Optional.empty()).home())
                .contains(ACME);
        refused("Basic " + encoded("application-credential/" + id, "wrong"), Optional.empty());
    }

    @Test
    void aTokenForADomainActsInTheTenantThatNamesIt() throws IOException, InterruptedException {
        String domain = keystone.create("domain", "subsidiary");
        String dora = keystone.user("dora");
        String path = "/domains/" + domain + "/users/" + dora + "/roles/";
        keystone.admin("PUT", path + keystone.roleId("admin"), Optional.empty());
        ObjectNode scope = Json.object();
        scope.putObject("domain").put("id", domain);
        String token = keystone.token("dora", Optional.of(scope));
        assertThat(bearer(token, Optional.empty()).tenants()).as("nobody's domain").isEmpty();

        Tenant tenant = new Tenant("subsidiary");
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", tenant.name());
        object.putObject("spec").putObject("keystone").put("domain", domain);
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> {
                    Identity there = bearer(token, Optional.empty());
                    assertThat(there.home()).contains(tenant);
                    assertThat(there.tenants()).containsExactly(tenant);
                    assertThat(there.user().groups()).contains("role:admin");
                });
        assertThat(bearer(token, Optional.of(ACME)).tenants()).doesNotContain(ACME);
    }

    @Test
    void aUserOfAnotherDomainIsAnotherSubject() throws IOException, InterruptedException {
        String domain = keystone.create("domain", "partners");
        String carol = keystone.user("carol", "domain_id", domain, "default_project_id", acme);
        keystone.role("PUT", carol, acme, "member");
        // Their own project of that name is not the tenant.
        String theirs = keystone.create("project", "acme", "domain_id", domain);
        String mallory =
                keystone.user("mallory", "domain_id", domain, "default_project_id", theirs);
        keystone.role("PUT", mallory, theirs, "admin");

        Identity partner = basic("carol@partners", "secret", Optional.empty());
        assertThat(partner.user().name()).isEqualTo("carol@partners");
        assertThat(partner.home()).contains(ACME);
        assertThat(basic("mallory@partners", "secret", Optional.empty()).tenants()).isEmpty();
        assertThat(basic("mallory@partners", "secret", Optional.of(ACME)).tenants()).isEmpty();
        refused("Basic " + encoded("carol", "secret"), Optional.empty());

        String namesake = keystone.user("carol", "default_project_id", acme);
        keystone.role("PUT", namesake, acme, "reader");
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions() // her name waits after the wrong attempt
                .untilAsserted(() -> {
                    Identity other = basic("carol", "secret", Optional.empty());
                    assertThat(other.user().name()).isEqualTo("carol");
                    assertThat(other.user().uid()).isEqualTo(namesake).isNotEqualTo(carol);
                    assertThat(other.user().groups()).contains("role:reader");
                });
        assertThat(basic("carol@partners", "secret", Optional.empty()).user())
                .isEqualTo(partner.user());
    }

    @Test
    void overTlsItsSignerMustBeNamed() throws IOException, InterruptedException {
        String grace = keystone.user("grace", "default_project_id", acme);
        keystone.role("PUT", grace, acme, "member");
        Proof proof =
                new Proof.Password(
                        new Proof.Who.Name("grace", Optional.empty(), "default"),
                        KeystoneProcess.PASSWORD);
        try (KeystoneClient client = secure(Optional.of(keystone.authority()))) {
            assertThat(client.authenticate(proof, new Scope.ByDefault()))
                    .hasValueSatisfying(
                            grant -> assertThat(grant.token().user().name()).isEqualTo("grace"));
        }
        String stranger = CertificateAuthority.inMemory(Clock.systemUTC()).certificatePem();
        for (Optional<String> believed : List.of(Optional.of(stranger), Optional.<String>empty())) {
            try (KeystoneClient client = secure(believed)) {
                assertThatThrownBy(() -> client.authenticate(proof, new Scope.ByDefault()))
                        .isInstanceOf(UnreachableException.class)
                        .hasMessageContaining(
                                "Keystone shows a certificate that is not believed (is its signer"
                                        + " in the CA file");
            }
        }
    }

    private static KeystoneClient secure(Optional<String> believed) {
        return new KeystoneClient(
                new KeystoneSettings(
                        keystone.secureUrl(),
                        believed,
                        "default",
                        KeystoneSettings.FRESH,
                        KeystoneSettings.GRACE,
                        Duration.ofSeconds(60)));
    }

    @Test
    void whatKeystoneTakesBackIsFeltWithoutANewLogin() throws IOException, InterruptedException {
        String bob = keystone.user("bob", "default_project_id", acme);
        keystone.role("PUT", bob, acme, "member");
        keystone.role("PUT", bob, acme, "admin");
        String token = keystone.token("bob", "acme");
        assertThat(bearer(token, Optional.empty()).user().groups()).contains("role:admin");
        basic("bob", "secret", Optional.empty());

        keystone.role("DELETE", bob, acme, "admin");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(basic("bob", "secret", Optional.empty()).user().groups())
                                .doesNotContain("role:admin"));

        String revoked = keystone.token("bob", "acme");
        bearer(revoked, Optional.empty());
        keystone.revoke(revoked);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> refused("Bearer " + revoked, Optional.empty()));

        String last = keystone.token("bob", "acme");
        bearer(last, Optional.empty());
        ObjectNode disabled = Json.object();
        disabled.putObject("user").put("enabled", false);
        keystone.admin("PATCH", "/users/" + bob, Optional.of(disabled));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    refused("Bearer " + last, Optional.empty());
                    refused("Basic " + encoded("bob", "secret"), Optional.empty());
                });
    }

    @Test
    void aDeletedProjectIsNoTenantAnyMore() throws IOException, InterruptedException {
        String project = keystone.create("project", "short-lived", "domain_id", "default");
        String dave = keystone.user("dave", "default_project_id", project);
        keystone.role("PUT", dave, project, "member");
        String token = keystone.token("dave", "short-lived");
        bearer(token, Optional.empty());
        keystone.admin("DELETE", "/projects/" + project, Optional.empty());
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> refused("Bearer " + token, Optional.empty()));
    }

    @Test
    void aKilledKeystoneStopsNobodyWhoIsKnown() throws IOException, InterruptedException {
        String erin = keystone.user("erin", "default_project_id", acme);
        keystone.role("PUT", erin, acme, "member");
        String known = keystone.token("erin", "acme");
        String unknown = keystone.token("erin", "acme");
        bearer(known, Optional.empty());
        keystone.kill();
        try {
            Thread.sleep(2500); // older than an answer may be
            assertThat(bearer(known, Optional.empty()).home()).contains(ACME);
            refused("Bearer " + unknown + "x", Optional.empty());
        } finally {
            keystone.restart();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() ->
                        assertThat(basic("erin", "secret", Optional.empty()).home())
                                .contains(ACME));
    }

    /** The suite, with a token. */
    @Nested
    class Tokens extends AuthenticatorConformance {
        @Override
        protected Authenticator authenticator() {
            return authenticator;
        }

        @Override
        protected Credentials good() throws IOException, InterruptedException {
            return new Credentials(
                    Optional.of("Bearer " + keystone.token("frank", "acme")), Optional.empty());
        }

        @Override
        protected Credentials wrong() {
            return new Credentials(
                    Optional.of("Bearer gAAAAAB" + "x".repeat(170)), Optional.empty());
        }
    }

    private static Identity basic(String user, String password, Optional<Tenant> wanted) {
        return identity("Basic " + encoded(user, password), wanted);
    }

    private static Identity bearer(String token, Optional<Tenant> wanted) {
        return identity("Bearer " + token, wanted);
    }

    private static Identity identity(String header, Optional<Tenant> wanted) {
        return authenticator
                .authenticate(new Credentials(Optional.of(header), Optional.empty(), wanted))
                .orElseThrow();
    }

    private static String encoded(String user, String password) {
        String text = user + ":" + password;
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(String header, Optional<Tenant> wanted) {
        assertThatThrownBy(() -> identity(header, wanted))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.UNAUTHORIZED)).isTrue());
    }
}
