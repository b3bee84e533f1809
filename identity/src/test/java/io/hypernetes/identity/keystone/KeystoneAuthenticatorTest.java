package io.hypernetes.identity.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

@Timeout(120)
class KeystoneAuthenticatorTest {

    private static final String OTHER = "gAAAAAB" + "y".repeat(170);

    private final MovingClock clock = new MovingClock();
    private final MemoryClient client = new MemoryClient();
    private FakeKeystone keystone;
    private KeystoneAuthenticator authenticator;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        keystone = new FakeKeystone();
        tenant("acme", "");
        authenticator = withPatience(Duration.ofSeconds(30));
    }

    private KeystoneAuthenticator withPatience(Duration patience) throws InterruptedException {
        KeystoneSettings settings =
                new KeystoneSettings(
                        keystone.url(),
                        Optional.empty(),
                        "default",
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(5),
                        patience);
        KeystoneAuthenticator made = new KeystoneAuthenticator(settings, client, clock).start();
        made.awaitSynced();
        return made;
    }

    @AfterEach
    void end() {
        authenticator.close();
        keystone.close();
    }

    @Test
    void aTokenIsAskedAboutOnceAndItsProjectIsTheTenant() {
        keystone.says("alice", "acme", "member", "reader");
        keystone.groups = "{\"groups\":[{\"name\":\"devs\",\"domain_id\":\"default\"}]}";
        Identity alice = bearer(FakeKeystone.TOKEN);
        assertThat(alice.home()).contains(new Tenant("acme"));
        assertThat(alice.tenants()).containsExactly(new Tenant("acme"));
        assertThat(alice.operator()).isFalse();
        assertThat(alice.user().name()).isEqualTo("alice");
        assertThat(alice.user().uid()).isEqualTo("id-of-alice");
        assertThat(alice.user().groups())
                .containsExactly(
                        "role:member", "role:reader", "group:devs", "system:authenticated");
        assertThat(bearer(FakeKeystone.TOKEN)).isEqualTo(alice);
        assertThat(keystone.calls)
                .containsExactly("GET /v3/auth/tokens", "GET /v3/users/id-of-alice/groups");
        bearer(OTHER);
        assertThat(keystone.calls).as("groups are remembered by user").hasSize(3);
    }

    @Test
    void aPasswordIsCheckedByOneCall() {
        keystone.says("alice", "acme", "member");
        Identity alice = basic("alice", "secret", Optional.empty());
        assertThat(alice.home()).contains(new Tenant("acme"));
        basic("alice", "secret", Optional.empty());
        assertThat(keystone.calls)
                .containsExactly("POST /v3/auth/tokens", "GET /v3/users/id-of-alice/groups");
    }

    @Test
    void aNameThatAUserObjectHoldsForAnotherUserLetsNobodyIn() {
        keystone.says("alice", "acme", "member");
        bearer(FakeKeystone.TOKEN);
        ObjectNode user = Json.object();
        user.putObject("metadata").put("name", "alice");
        user.put("username", "alice").putObject("spec").putObject("keystone").put("user", "alice");
        user.putObject("status")
                .putObject("keystone")
                .put("claim", "alice")
                .put("userId", "id-of-who-was-alice");
        client.create(BuiltinTypes.USERS, Tenant.SYSTEM, user);
        await().untilAsserted(() -> refused(FakeKeystone.TOKEN));
        client.delete(
                BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", "alice"), DeleteOptions.NOW);
        await().ignoreExceptions()
                .until(() -> bearer(FakeKeystone.TOKEN).user().name().equals("alice"));
    }

    @Test
    void whatIsUsedIsAskedAgainAndRevocationIsFelt() {
        keystone.says("alice", "acme", "member");
        bearer(FakeKeystone.TOKEN);
        keystone.tokens = exchange -> FakeKeystone.json(exchange, 404, "{}");
        assertThat(bearer(FakeKeystone.TOKEN).user().name())
                .as("just confirmed")
                .isEqualTo("alice");
        clock.advance(Duration.ofSeconds(4));
        bearer(FakeKeystone.TOKEN); // half its time is over: asked again beside
        await().untilAsserted(() -> refused(FakeKeystone.TOKEN));
    }

    @Test
    void noYesIsOlderThanItMayBe() {
        keystone.says("alice", "acme", "member");
        bearer(FakeKeystone.TOKEN);
        keystone.tokens = exchange -> FakeKeystone.json(exchange, 404, "{}");
        clock.advance(Duration.ofSeconds(10));
        refused(FakeKeystone.TOKEN);
    }

    @Test
    void aLostRoleIsFelt() {
        keystone.says("alice", "acme", "admin", "member");
        assertThat(bearer(FakeKeystone.TOKEN).user().groups()).contains("role:admin");
        keystone.says("alice", "acme", "member");
        clock.advance(Duration.ofSeconds(10));
        assertThat(bearer(FakeKeystone.TOKEN).user().groups()).doesNotContain("role:admin");
    }

    @Test
    void aLostGroupIsFelt() {
        keystone.says("alice", "acme", "member");
        keystone.groups = "{\"groups\":[{\"name\":\"devs\",\"domain_id\":\"default\"}]}";
        assertThat(bearer(FakeKeystone.TOKEN).user().groups()).contains("group:devs");
        keystone.groups = "{\"groups\":[]}";
        clock.advance(Duration.ofSeconds(10));
        assertThat(bearer(FakeKeystone.TOKEN).user().groups()).doesNotContain("group:devs");
    }

    @Test
    void whileKeystoneIsDownOnlyThoseGoOnWhoAreKnown() {
        keystone.says("alice", "acme", "member");
        bearer(FakeKeystone.TOKEN);
        keystone.close();
        clock.advance(Duration.ofMinutes(4));
        assertThat(bearer(FakeKeystone.TOKEN).user().name()).isEqualTo("alice");
        refused(OTHER);
        clock.advance(Duration.ofMinutes(2));
        refused(FakeKeystone.TOKEN);
    }

    @Test
    void aTokenThatHasExpiredIsNoneAlsoWhileKeystoneIsDown() {
        String body =
                FakeKeystone.token("alice", "default", "Default", "acme", "default", "Default")
                        .replace("2999-01-01T00:00:00", "2026-01-01T00:01:00");
        keystone.tokens = exchange -> FakeKeystone.good(exchange, body);
        bearer(FakeKeystone.TOKEN);
        keystone.close();
        clock.advance(Duration.ofMinutes(2));
        refused(FakeKeystone.TOKEN);
    }

    /** Every way to answer wrongly: a 401, in time, and never a yes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "silence",
                "half",
                "html",
                "empty",
                "array",
                "no-user",
                "no-domain",
                "no-expiry",
                "broken-expiry",
                "error",
                "redirect",
                "huge",
                "no-token-header"
            })
    void garbageIsNoYes(String fault) throws InterruptedException {
        if (fault.equals("silence") || fault.equals("half")) {
            authenticator.close();
            authenticator = withPatience(Duration.ofMillis(500));
        }
        Map<String, String> bodies =
                Map.of(
                        "html", "<html>welcome</html>",
                        "empty", "",
                        "array", "[]",
                        "no-user", "{\"token\":{\"expires_at\":\"2999-01-01T00:00:00Z\"}}",
                        "no-domain",
                                "{\"token\":{\"user\":{\"id\":\"1\",\"name\":\"alice\"},\"expires_at\":\"2999-01-01T00:00:00Z\"}}",
                        "no-expiry", good().replace("expires_at", "expired_at"),
                        "broken-expiry", good().replace("2999-01-01T", "soon"),
                        "huge", good() + " ".repeat(2 << 20));
        keystone.tokens =
                exchange -> {
                    switch (fault) {
                        case "silence" -> keystone.hang();
                        case "half" -> {
                            exchange.sendResponseHeaders(200, 1000);
                            exchange.getResponseBody()
                                    .write("{\"token\":".getBytes(StandardCharsets.UTF_8));
                            exchange.getResponseBody().flush();
                            keystone.hang();
                        }
                        case "error" -> FakeKeystone.json(exchange, 503, good());
                        case "redirect" -> {
                            exchange.getResponseHeaders()
                                    .add("Location", keystone.url() + "/v3/users/x/groups");
                            FakeKeystone.json(exchange, 302, "");
                        }
                        case "no-token-header" ->
                                FakeKeystone.json(
                                        exchange,
                                        exchange.getRequestMethod().equals("POST") ? 201 : 500,
                                        good());
                        default -> FakeKeystone.good(exchange, bodies.getOrDefault(fault, ""));
                    }
                };
        refused(FakeKeystone.TOKEN);
        assertUnauthorized(() -> basic("alice", "secret", Optional.empty()));
    }

    @Test
    void usersOfTwoDomainsAreTwoSubjects() {
        assertThat(named("alice", "default", "Default")).contains("alice");
        assertThat(named("alice", "d2", "partners")).contains("alice@partners");
        assertThat(named("alice@partners", "default", "Default"))
                .as("a name with an '@' is not somebody of another domain")
                .contains("alice@partners@Default");
        assertThat(named("alice", "d3", "a@b")).as("would be two things").isEmpty();
        assertThat(named("system:admin", "default", "Default")).isEmpty();
    }

    private Optional<String> named(String user, String domain, String domainName) {
        String body = FakeKeystone.token(user, domain, domainName, "acme", "default", "Default");
        keystone.tokens = exchange -> FakeKeystone.good(exchange, body);
        clock.advance(Duration.ofMinutes(10));
        try {
            return Optional.of(bearer(FakeKeystone.TOKEN).user().name());
        } catch (ApiException e) {
            assertThat(e.is(Reason.UNAUTHORIZED)).isTrue();
            return Optional.empty();
        }
    }

    @Test
    void aProjectIsTheTenantThatSaysSo() {
        tenant("renamed", "secret-project");
        tenant("by-id", FakeKeystone.id("some-project"));
        tenant("elsewhere", "acme@partners");
        tenant("claimed", "");
        tenant("claimant", "claimed");
        tenant("twin-a", "twins");
        tenant("twin-b", "twins");
        tenant("system", "");
        await().untilAsserted(() ->
                assertThat(tenantOf("secret-project", "default")).isEqualTo("renamed"));
        assertThat(tenantOf("some-project", "default")).isEqualTo("by-id");
        assertThat(tenantOf("acme", "default")).isEqualTo("acme");
        assertThat(tenantOf("acme", "partners")).isEqualTo("elsewhere");
        assertThat(tenantOf("acme", "strangers")).as("their own project 'acme'").isEqualTo("none");
        assertThat(tenantOf("renamed", "default")).as("it is another project").isEqualTo("none");
        assertThat(tenantOf("claimed", "default")).isEqualTo("claimant");
        assertThat(tenantOf("twins", "default")).as("claimed by two").isEqualTo("none");
        assertThat(tenantOf("system", "default")).as("the operator's").isEqualTo("none");
        assertThat(tenantOf(FakeKeystone.id("some-project"), "default"))
                .as("named as the id of another")
                .isEqualTo("none");
        assertThat(tenantOf("nobody", "default")).isEqualTo("none");
    }

    private String tenantOf(String project, String domain) {
        String body = FakeKeystone.token("alice", "default", "Default", project, domain, domain);
        keystone.tokens = exchange -> FakeKeystone.good(exchange, body);
        clock.advance(Duration.ofMinutes(10));
        Identity identity = bearer(FakeKeystone.TOKEN);
        assertThat(identity.tenants()).hasSizeLessThanOrEqualTo(1);
        return identity.home().map(Tenant::name).orElse("none");
    }

    @Test
    void aTokenForADomainActsInTheTenantThatNamesIt() {
        ObjectNode tenant = Json.object();
        tenant.putObject("metadata").put("name", "partners");
        tenant.putObject("spec").putObject("keystone").put("domain", "d2");
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        String body =
                FakeKeystone.token("alice", "default", "Default", "", "", "", "admin")
                        .replace(
                                "\"roles\"",
                                "\"domain\":{\"id\":\"d2\",\"name\":\"Partners\"},\"roles\"");
        keystone.tokens = exchange -> FakeKeystone.good(exchange, body);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> {
                    clock.advance(Duration.ofSeconds(10)); // the tenant may be seen a little later
                    return bearer(FakeKeystone.TOKEN).home().isPresent();
                });
        Identity alice = bearer(FakeKeystone.TOKEN);
        assertThat(alice.tenants()).containsExactly(new Tenant("partners"));
        assertThat(alice.user().groups()).contains("role:admin");

        String other = body.replace("d2", "d3").replace("Partners", "Others");
        keystone.tokens = exchange -> FakeKeystone.good(exchange, other);
        assertThat(bearer(OTHER).tenants()).as("a domain that no tenant names").isEmpty();
    }

    @Test
    void aTokenWithoutAScopeLetsItsUserChoose() {
        tenant("globex", "");
        keystone.says("alice", "");
        keystone.projects =
                "{\"projects\":[{\"id\":\"1\",\"name\":\"acme\",\"domain_id\":\"default\"},{\"id\":\"2\",\"name\":\"globex\",\"domain_id\":\"default\"},{\"id\":\"3\",\"name\":\"other\",\"domain_id\":\"default\"}]}";
        await().untilAsserted(() -> {
            clock.advance(Duration.ofMinutes(10));
            Identity alice = bearer(FakeKeystone.TOKEN);
            assertThat(alice.home()).isEmpty();
            assertThat(alice.tenants())
                    .containsExactlyInAnyOrder(new Tenant("acme"), new Tenant("globex"));
            assertThat(alice.user().groups()).containsExactly("system:authenticated");
        });
    }

    @Test
    void otherPeoplesSecretsStayHere() {
        for (String token :
                new String[] {"abc", "abcdef.0123456789abcdef", "gAAAA short", "eyJh.eyJpc3Mi.x"}) {
            assertThat(authenticator.authenticate(bearerHeader(token))).isEmpty();
        }
        assertThat(keystone.calls).isEmpty();
    }

    @Test
    void guessingIsSlowedDown() {
        keystone.tokens = exchange -> FakeKeystone.json(exchange, 401, "{}");
        for (int i = 0; i < 5; i++) {
            String guess = "guess-" + i;
            assertUnauthorized(() -> basic("alice", guess, Optional.empty()));
        }
        int calls = keystone.calls.size();
        assertThatThrownBy(() -> basic("alice", "guess-6", Optional.empty()))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.is(Reason.TOO_MANY_REQUESTS)).isTrue());
        assertThat(keystone.calls).hasSize(calls);
    }

    private static String good() {
        return FakeKeystone.token("alice", "default", "Default", "acme", "default", "Default");
    }

    private void tenant(String name, String project) {
        ObjectNode tenant = Json.object();
        tenant.putObject("metadata").put("name", name);
        ObjectNode spec = tenant.putObject("spec");
        if (!project.isEmpty()) {
            spec.putObject("keystone").put("project", project);
        }
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
    }

    private Identity bearer(String token) {
        return authenticator.authenticate(bearerHeader(token)).orElseThrow();
    }

    private static Credentials bearerHeader(String token) {
        return new Credentials(Optional.of("Bearer " + token), Optional.empty());
    }

    private Identity basic(String user, String password, Optional<Tenant> wanted) {
        String text = user + ":" + password;
        String header =
                "Basic "
                        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return authenticator
                .authenticate(new Credentials(Optional.of(header), Optional.empty(), wanted))
                .orElseThrow();
    }

    private void refused(String token) {
        assertUnauthorized(() -> bearer(token));
    }

    private static void assertUnauthorized(Runnable attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.UNAUTHORIZED)).isTrue());
    }
}
