package io.hypernetes.identity.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.account.Accounts;
import io.hypernetes.identity.account.TokenSecrets;
import io.hypernetes.identity.oidc.OidcAuthenticator;
import io.hypernetes.identity.oidc.OidcSettings;
import io.hypernetes.identity.password.PasswordAuthenticator;
import io.hypernetes.identity.password.PasswordHash;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.token.BootstrapTokenAuthenticator;
import io.hypernetes.identity.token.KnownTokens;
import io.hypernetes.identity.token.SignedTokens;
import io.hypernetes.identity.token.TokenAuthenticator;
import io.hypernetes.identity.token.TokenFileAuthenticator;
import io.hypernetes.identity.webhook.TokenReviewServer;
import io.hypernetes.identity.webhook.WebhookAuthenticator;
import io.hypernetes.identity.webhook.WebhookFile;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The suite over all authenticators, and what is particular to the smaller ones. */
class AuthenticatorsTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir static Path folder;

    private static Credentials bearer(String token) {
        return new Credentials(Optional.of("Bearer " + token), Optional.empty());
    }

    private static Credentials basic(String text) {
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return new Credentials(Optional.of("Basic " + encoded), Optional.empty());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Users, passwords and tokens as the cluster keeps them. */
    abstract static class OfAccounts extends AuthenticatorConformance {
        final MemoryClient client = new MemoryClient();
        final Accounts accounts = new Accounts(client);
        ObjectNode alice = Json.object();

        @BeforeEach
        void start() throws InterruptedException {
            ObjectNode user = Json.object().put("username", "alice");
            user.putObject("metadata").put("name", "alice");
            ObjectNode spec = user.putObject("spec");
            spec.putArray("tenants").addObject().put("name", "acme").put("role", "member");
            spec.putObject("passwordSecretRef").put("name", "alice");
            alice = client.create(BuiltinTypes.USERS, Tenant.SYSTEM, user);
            ObjectNode secret = Json.object().put("type", "hypernetes.io/password-hash");
            secret.putObject("metadata").put("namespace", "hypernetes-users").put("name", "alice");
            secret.putObject("data").put("hash", base64(PasswordHash.of("right")));
            client.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
            accounts.start().awaitSynced();
        }

        @AfterEach
        void end() {
            accounts.close();
        }
    }

    @Nested
    class Passwords extends OfAccounts {
        private Optional<Authenticator> made = Optional.empty();

        @Override
        protected Authenticator authenticator() {
            if (made.isEmpty()) {
                made = Optional.of(new PasswordAuthenticator(accounts, CLOCK));
            }
            return made.orElseThrow();
        }

        @Override
        protected Credentials good() {
            return basic("alice:right");
        }

        @Override
        protected Credentials wrong() {
            return basic("alice:wrong");
        }
    }

    @Nested
    class OwnTokens extends OfAccounts {
        private final SignedTokens tokens =
                new SignedTokens(CertificateAuthority.open(folder, CLOCK).tokenKey(), CLOCK);

        @Override
        protected Authenticator authenticator() {
            return new TokenAuthenticator(tokens, accounts, new TokenSecrets(client, CLOCK), CLOCK);
        }

        @Override
        protected Credentials good() {
            String uid = alice.path("metadata").path("uid").asString("");
            UserInfo user = new UserInfo("alice", uid, List.of(), Map.of());
            return bearer(tokens.forUser(ACME, user).value());
        }

        @Override
        protected Credentials wrong() {
            UserInfo nobody = new UserInfo("nobody", "0", List.of(), Map.of());
            return bearer(tokens.forUser(ACME, nobody).value());
        }
    }

    @Nested
    class RememberedTokens extends AuthenticatorConformance {
        private final KnownTokens tokens = new KnownTokens();

        @Override
        protected Authenticator authenticator() {
            return tokens;
        }

        @Override
        protected Credentials good() {
            UserInfo user = new UserInfo("alice", "", List.of(UserInfo.AUTHENTICATED), Map.of());
            return bearer(tokens.issue(new Identity(user, Optional.of(ACME), Set.of(ACME), false)));
        }

        @Override
        protected Credentials wrong() {
            return bearer("unknown");
        }

        @Override
        protected boolean leavesUnknownTokensToOthers() {
            return true;
        }
    }

    @Nested
    class TokenFile extends AuthenticatorConformance {
        @Override
        protected Authenticator authenticator() throws IOException {
            Path file = Files.createTempFile(folder, "tokens", ".csv");
            Files.writeString(
                    file,
                    """
                    # ours
                    s3cret-of-alice,alice,7,"tenant:acme,devs,system:masters"
                    s3cret-of-root,root,0,"system:masters"
                    """);
            return new TokenFileAuthenticator(file);
        }

        @Override
        protected Credentials good() {
            return bearer("s3cret-of-alice");
        }

        @Override
        protected Credentials wrong() {
            return bearer("unknown");
        }

        @Override
        protected boolean leavesUnknownTokensToOthers() {
            return true;
        }

        @Test
        void onlyTheOperatorsWorldHasOperators() throws IOException {
            Identity root = authenticator().authenticate(bearer("s3cret-of-root")).orElseThrow();
            assertThat(root.operator()).isTrue();
            assertThat(root.tenants()).containsExactly(Tenant.SYSTEM);
        }
    }

    @Nested
    class BootstrapTokens extends AuthenticatorConformance {
        private final MemoryClient client = new MemoryClient();

        @Override
        protected Tenant tenant() {
            return Tenant.SYSTEM;
        }

        @Override
        protected Authenticator authenticator() {
            if (client.list(BuiltinTypes.SECRETS, io.hypernetes.api.client.Selection.EVERYTHING)
                    .items()
                    .isEmpty()) {
                token("abcdef", "true", "2999-01-01T00:00:00Z", "");
                token("old000", "true", "2020-01-01T00:00:00Z", "");
                token("signer", "false", "", "");
                token("groups", "true", "", "system:bootstrappers:workers");
                token("master", "true", "", "system:masters");
            }
            return new BootstrapTokenAuthenticator(client, CLOCK);
        }

        private void token(String id, String usage, String end, String groups) {
            ObjectNode secret = Json.object().put("type", "bootstrap.kubernetes.io/token");
            secret.putObject("metadata")
                    .put("namespace", "kube-system")
                    .put("name", "bootstrap-token-" + id);
            secret.putObject("data")
                    .put("token-id", base64(id))
                    .put("token-secret", base64("0123456789abcdef"))
                    .put("usage-bootstrap-authentication", base64(usage))
                    .put("expiration", base64(end))
                    .put("auth-extra-groups", base64(groups));
            client.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        }

        @Override
        protected Credentials good() {
            return bearer("abcdef.0123456789abcdef");
        }

        @Override
        protected Credentials wrong() {
            return bearer("abcdef.0123456789abcdee");
        }

        @Test
        void expiryUsageAndGroupsCount() {
            Authenticator authenticator = authenticator();
            assertThat(authenticator.authenticate(bearer("groups.0123456789abcdef")))
                    .hasValueSatisfying(machine ->
                            assertThat(machine.user().groups())
                                    .contains(
                                            "system:bootstrappers",
                                            "system:bootstrappers:workers"));
            for (String id : List.of("old000", "signer", "master", "nobody")) {
                assertRefused(authenticator, bearer(id + ".0123456789abcdef"));
            }
        }
    }

    @Nested
    class Webhook extends AuthenticatorConformance {
        private JsonServer server;
        private WebhookAuthenticator webhook;

        @BeforeEach
        void start() throws IOException {
            server = new JsonServer(spec -> status(spec.path("token").asString("")));
            webhook =
                    new WebhookAuthenticator(
                            WebhookFile.read(server.file(folder)), Duration.ofMinutes(1), CLOCK);
        }

        private static ObjectNode status(String token) {
            boolean good = token.startsWith("token-of-");
            ObjectNode status = Json.object().put("authenticated", good);
            if (good) {
                ObjectNode user = status.putObject("user");
                user.put("username", token.substring("token-of-".length()));
                user.putArray("groups").add("devs").add("system:masters");
                user.putObject("extra").putArray("hypernetes.io/tenant").add("acme");
            }
            return status;
        }

        @AfterEach
        void end() {
            webhook.close();
            server.close();
        }

        @Override
        protected Authenticator authenticator() {
            return webhook;
        }

        @Override
        protected Credentials good() {
            return bearer("token-of-alice");
        }

        @Override
        protected Credentials wrong() {
            return bearer("nobody's");
        }

        @Test
        void isAskedOnceAndMakesNobodyKubernetesOwn() {
            webhook.authenticate(good());
            webhook.authenticate(good());
            assertThat(server.calls).hasValue(1);
            assertRefused(webhook, bearer("token-of-system:admin"));
            server.close();
            assertThat(webhook.authenticate(good())).isPresent();
            assertRefused(webhook, bearer("token-of-bob"));
        }
    }

    /** Both directions at once: a server of ours is asked over TLS. */
    @Nested
    class OwnWebhook extends AuthenticatorConformance {
        private TokenReviewServer server;
        private WebhookAuthenticator webhook;
        private Optional<String> signer;

        @BeforeEach
        void start() throws IOException {
            CertificateAuthority authority = CertificateAuthority.open(folder, CLOCK);
            signer = Optional.of(authority.certificatePem());
            KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
            UserInfo alice =
                    new UserInfo(
                            "alice",
                            "7",
                            List.of("devs", UserInfo.AUTHENTICATED),
                            Map.of("hypernetes.io/tenant", List.of("acme")));
            Authenticator inside =
                    credentials ->
                            credentials
                                    .authorization()
                                    .filter("Bearer right"::equals)
                                    .map(_ ->
                                            new Identity(
                                                    alice, Optional.of(ACME), Set.of(ACME), false));
            Trust.Client shown = new Trust.Client(own.certificatePem(), own.keyPem());
            server =
                    new TokenReviewServer(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            Trust.context(signer, Optional.of(shown)),
                            inside);
            WebhookFile file =
                    new WebhookFile(
                            URI.create("https://127.0.0.1:" + server.port() + "/"),
                            Optional.of(authority.certificatePem()),
                            Optional.empty(),
                            Optional.empty());
            webhook = new WebhookAuthenticator(file, Duration.ofMinutes(1), CLOCK);
        }

        @AfterEach
        void end() {
            webhook.close();
            server.close();
        }

        @Override
        protected Authenticator authenticator() {
            return webhook;
        }

        @Override
        protected Credentials good() {
            return bearer("right");
        }

        @Override
        protected Credentials wrong() {
            return bearer("false");
        }

        /** A kube-apiserver asks in v1beta1 where no flag says another. */
        @Test
        void isAnsweredInTheVersionThatWasAskedIn() throws IOException, InterruptedException {
            for (String version : List.of("v1", "v1beta1")) {
                ObjectNode answer = Json.parseObject(ask(version).body());
                assertThat(answer.path("apiVersion").asString(""))
                        .isEqualTo("authentication.k8s.io/" + version);
                assertThat(answer.at("/status/user/username").asString("")).isEqualTo("alice");
            }
            assertThat(ask("v2").statusCode()).isEqualTo(400);
        }

        private HttpResponse<byte[]> ask(String version) throws IOException, InterruptedException {
            ObjectNode review = Json.object();
            review.put("apiVersion", "authentication.k8s.io/" + version).put("kind", "TokenReview");
            review.putObject("spec").put("token", "right");
            try (HttpClient http =
                    HttpClient.newBuilder()
                            .sslContext(Trust.context(signer, Optional.empty()))
                            .build()) {
                return http.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port()))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(review)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
            }
        }
    }

    @Test
    void othersCanCheckOurTokensByThePublicKeyAlone() throws Exception {
        SignedTokens tokens =
                new SignedTokens(CertificateAuthority.open(folder, CLOCK).tokenKey(), CLOCK);
        var discovery = tokens.discovery().orElseThrow();
        String token =
                tokens.forServiceAccount(
                                ACME, "web", "robot", "1", List.of("vault"), Duration.ofMinutes(10))
                        .value();
        SignedJWT jwt = SignedJWT.parse(token);
        var keys = JWKSet.parse(discovery.keys());
        var key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
        assertThat(key.isPrivate()).isFalse();
        assertThat(jwt.verify(new com.nimbusds.jose.crypto.ECDSAVerifier(key.toECKey()))).isTrue();
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo(discovery.issuer());
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo(discovery.algorithm());
    }

    /** An issuer in the test itself, with TLS of an authority made here. */
    @Nested
    class Oidc extends AuthenticatorConformance {
        private static final RSAKey KEY = rsa("k1");

        private final RSAKey key = KEY;
        private HttpsServer server;
        private OidcAuthenticator oidc;
        private URI issuer;

        @BeforeEach
        void start() throws Exception {
            CertificateAuthority authority = CertificateAuthority.open(folder, CLOCK);
            KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(
                    new HttpsConfigurator(
                            Trust.context(
                                    Optional.of(authority.certificatePem()),
                                    Optional.of(
                                            new Trust.Client(
                                                    own.certificatePem(), own.keyPem())))));
            issuer = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            String discovery =
                    "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\"}".formatted(issuer, issuer);
            answer("/.well-known/openid-configuration", discovery);
            answer("/keys", new JWKSet(key.toPublicJWK()).toString());
            server.start();
            OidcSettings settings =
                    new OidcSettings(
                            issuer,
                            "hypernetes",
                            "sub",
                            "oidc:",
                            "groups",
                            "oidc:",
                            "tenant",
                            Optional.of(authority.certificatePem()),
                            List.of("RS256"),
                            List.of("env=prod"));
            oidc = new OidcAuthenticator(settings, CLOCK);
        }

        private void answer(String path, String body) {
            server.createContext(
                    path,
                    exchange -> {
                        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                        exchange.close();
                    });
        }

        @AfterEach
        void end() {
            oidc.close();
            server.stop(0);
        }

        @Override
        protected Authenticator authenticator() {
            return oidc;
        }

        @Override
        protected Credentials good() throws Exception {
            return bearer(token(key, JWSAlgorithm.RS256, claims -> claims));
        }

        @Override
        protected Credentials wrong() throws Exception {
            return bearer(token(key, JWSAlgorithm.RS256, claims -> claims.audience("others")));
        }

        private String token(
                RSAKey with, JWSAlgorithm algorithm, UnaryOperator<JWTClaimsSet.Builder> change)
                throws Exception {
            JWTClaimsSet.Builder claims =
                    new JWTClaimsSet.Builder()
                            .issuer(issuer.toString())
                            .audience("hypernetes")
                            .subject("alice")
                            .claim("groups", List.of("devs"))
                            .claim("tenant", "acme")
                            .claim("env", "prod")
                            .expirationTime(Date.from(Instant.now().plusSeconds(600)));
            SignedJWT jwt =
                    new SignedJWT(
                            new JWSHeader.Builder(algorithm).keyID(with.getKeyID()).build(),
                            change.apply(claims).build());
            jwt.sign(new RSASSASigner(with));
            return jwt.serialize();
        }

        @Test
        void claimsAreMappedAndChecked() throws Exception {
            Identity alice = oidc.authenticate(good()).orElseThrow();
            assertThat(alice.user().name()).isEqualTo("oidc:alice");
            assertThat(alice.user().groups()).contains("oidc:devs");
            RSAKey forged = rsa("k1");
            RSAKey unknown = new RSAKey.Builder(forged).keyID("k2").build();
            JWSAlgorithm usual = JWSAlgorithm.RS256;
            assertRefused(oidc, bearer(token(forged, usual, claims -> claims)));
            assertRefused(oidc, bearer(token(unknown, usual, claims -> claims)));
            assertRefused(oidc, bearer(token(key, JWSAlgorithm.RS512, claims -> claims)));
            assertRefused(
                    oidc,
                    bearer(
                            token(
                                    key,
                                    usual,
                                    claims ->
                                            claims.expirationTime(
                                                    Date.from(Instant.now().minusSeconds(60))))));
            assertRefused(oidc, bearer(token(key, usual, claims -> claims.claim("env", "test"))));
            assertRefused(oidc, bearer(token(key, usual, claims -> claims.subject(null))));
            assertRefused(
                    oidc, bearer(token(key, usual, claims -> claims.claim("tenant", "NO NAME"))));
            assertThat(
                            oidc.authenticate(
                                    bearer(
                                            token(
                                                    key,
                                                    usual,
                                                    claims -> claims.issuer("https://other")))))
                    .as("another issuer's")
                    .isEmpty();
            assertThat(
                            oidc.authenticate(
                                            bearer(
                                                    token(
                                                            key,
                                                            usual,
                                                            claims ->
                                                                    claims.claim("tenant", null))))
                                    .orElseThrow()
                                    .tenants())
                    .isEmpty();
        }

        @Test
        void keysThatAreKnownStayWhileTheIssuerIsAway() throws Exception {
            oidc.authenticate(good());
            server.stop(0);
            assertThat(oidc.authenticate(good())).isPresent();
        }
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(Authenticator authenticator, Credentials credentials) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> authenticator.authenticate(credentials))
                .isInstanceOfSatisfying(
                        io.hypernetes.api.ApiException.class,
                        e ->
                                assertThat(e.is(io.hypernetes.api.Status.Reason.UNAUTHORIZED))
                                        .isTrue());
    }
}
