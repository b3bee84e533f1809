package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Credentials of one world in another, and credentials that were changed. */
class CredentialsIT {
    private static final String GOLD = "/api/v1/namespaces/default/secrets/gold";
    private static final String THERE = "/tenants/globex" + GOLD;
    private static final String TOKEN = "/api/v1/namespaces/default/serviceaccounts/default/token";
    private static final String REVIEW = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private static String accountToken(Installation it, String caller, String spec) {
        Answer answer =
                it.send(
                        caller,
                        "POST",
                        TOKEN,
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":"
                                + spec
                                + "}");
        assertThat(answer.status()).isEqualTo(201);
        return answer.object().path("status").path("token").asString("");
    }

    @Attempt(
            id = "CREDENTIAL-1",
            tries =
                    "a service account's token of acme with globex' prefix, and the accounts' names"
                            + " are the same",
            result = "403; without a prefix it acts in acme")
    void anAccountsToken(Installation it) {
        String token = accountToken(it, it.boss, "{}");
        assertThat(it.get(token, THERE).status()).isEqualTo(403);
        assertThat(it.get(token, "/tenants/*/api/v1/secrets").status()).isEqualTo(403);
        Answer who = it.send(token, "POST", WHO, "{}");
        assertThat(who.body())
                .contains("system:serviceaccount:default:default")
                .contains("\"hypernetes.io/tenant\":[\"acme\"]");
    }

    @Attempt(
            id = "CREDENTIAL-2",
            tries =
                    "a stolen token of globex' service account in acme's world, and for acme's"
                            + " TokenReview",
            result = "403, and the review says that it is not valid")
    void anothersAccountToken(Installation it) {
        String stolen = accountToken(it, it.victim, "{}");
        assertThat(it.get(stolen, "/tenants/acme" + GOLD).status()).isEqualTo(403);
        Answer review =
                it.send(
                        it.boss,
                        "POST",
                        REVIEW,
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{\"token\":\""
                                + stolen
                                + "\"}}");
        assertThat(review.body()).doesNotContain("globex", "\"authenticated\":true");
    }

    @Attempt(
            id = "CREDENTIAL-3",
            tries =
                    "a token whose claims were changed: tenant, subject, algorithm `none`, other"
                            + " key id",
            result = "401")
    void changedTokens(Installation it) {
        String[] parts = accountToken(it, it.boss, "{}").split("\\.", -1);
        String claims = decoded(parts[1]);
        assertThat(claims).contains("acme");
        String moved = encoded(claims.replace("acme", "globex"));
        for (String forged :
                List.of(
                        parts[0] + "." + moved + "." + parts[2],
                        parts[0] + "." + moved + ".",
                        parts[0] + "." + moved,
                        encoded("{\"alg\":\"none\"}") + "." + moved + ".",
                        encoded("{\"alg\":\"HS256\",\"kid\":\"../../../etc/passwd\"}")
                                + "."
                                + moved
                                + "."
                                + parts[2],
                        encoded(decoded(parts[0]).replace("ES256", "none"))
                                + "."
                                + moved
                                + "."
                                + parts[2])) {
            assertThat(it.get(forged, GOLD).status()).isEqualTo(401);
            assertThat(it.get(forged, THERE).status()).isEqualTo(401);
        }
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Attempt(
            id = "CREDENTIAL-4",
            tries =
                    "a token for another audience at the API; audiences that look like a tenant's"
                            + " API",
            result = "401")
    void audiences(Installation it) {
        for (String audience :
                List.of("vault", "https://globex", "globex", "https://kubernetes.default.svc.")) {
            String token = accountToken(it, it.boss, "{\"audiences\":[\"" + audience + "\"]}");
            assertThat(it.get(token, "/api/v1/namespaces").status()).as(audience).isEqualTo(401);
            assertThat(it.get(token, THERE).status()).as(audience).isEqualTo(401);
        }
    }

    @Attempt(
            id = "CREDENTIAL-5",
            tries = "a token bound to an object of globex: its pod, its secret, by name and uid",
            result = "404 or 409: the object is looked for in acme")
    void boundTokens(Installation it) {
        String uid =
                it.client()
                        .get(
                                io.hypernetes.api.types.BuiltinTypes.PODS,
                                new io.hypernetes.api.ObjectKey(
                                        Installation.GLOBEX, "default", "web"))
                        .path("metadata")
                        .path("uid")
                        .asString("");
        Answer answer =
                it.send(
                        it.boss,
                        "POST",
                        TOKEN,
                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"web\",\"uid\":\""
                                + uid
                                + "\"}}}");
        assertThat(answer.status()).isIn(404, 409);
    }

    @Attempt(
            id = "CREDENTIAL-6",
            tries =
                    "impersonation of globex' user, of the operator, of `system:masters`, of a"
                            + " node, with a tenant in the extra fields",
            result =
                    "403 for Kubernetes' own names; else somebody of that name in acme, never in"
                            + " globex")
    void impersonation(Installation it) {
        for (String header :
                List.of(
                        "Impersonate-User: system:admin",
                        "Impersonate-User: system:node:host",
                        "Impersonate-User: system:kube-controller-manager",
                        "Impersonate-User: x\r\nImpersonate-Group: system:masters",
                        "Impersonate-User: x\r\nImpersonate-Group: system:nodes")) {
            assertThat(it.get(it.boss, GOLD, header.split("\r\n")).status())
                    .as(header)
                    .isEqualTo(403);
        }
        String[] victim = {
            "Impersonate-User: victim", "Impersonate-Extra-Hypernetes.io%2Ftenant: globex"
        };
        assertThat(it.get(it.boss, THERE, victim).status()).isEqualTo(403);
        assertThat(it.get(it.boss, GOLD, victim).status()).isEqualTo(403);
        assertThat(
                        it.get(
                                        it.boss,
                                        THERE,
                                        "Impersonate-User: system:serviceaccount:default:default")
                                .status())
                .isEqualTo(403);
        assertThat(it.get(it.clerk, GOLD, "Impersonate-User: boss").status()).isEqualTo(403);
    }

    @Attempt(
            id = "CREDENTIAL-7",
            tries =
                    "a certificate for oneself: a signing request with `O=system:masters`,"
                            + " `O=tenant:globex`, a node's name, approved by oneself",
            result = "refused, or a certificate of acme's world alone")
    void certificates(Installation it) {
        List<String> subjects =
                List.of(
                        "CN=boss,O=system:masters",
                        "CN=boss,O=tenant:globex",
                        "CN=boss,O=tenant:system",
                        "CN=system:node:host,O=system:nodes",
                        "CN=boss");
        int certified = 0;
        for (String subject : subjects) {
            Optional<Wire> wire = Requests.certified(it, "csr-" + subject.hashCode(), subject);
            if (wire.isPresent()) {
                certified++;
                assertThat(it.wire(wire.get(), THERE).status()).as(subject).isEqualTo(403);
                assertThat(it.wire(wire.get(), "/tenants/*/api/v1/secrets").status())
                        .isEqualTo(403);
                Answer own = it.wire(wire.get(), GOLD);
                assertThat(own.status()).as(subject).isEqualTo(403);
                assertThat(own.body()).contains("in the namespace");
            }
        }
        assertThat(certified).isPositive();
    }

    @Attempt(
            id = "CREDENTIAL-8",
            tries = "to ask the API about others' rights: SubjectAccessReview with a tenant in it",
            result = "an answer about acme's world alone")
    void reviews(Installation it) {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", "victim");
        spec.putObject("extra").putArray("hypernetes.io/tenant").add("globex");
        spec.putObject("resourceAttributes").put("verb", "get").put("resource", "secrets");
        Answer answer =
                it.send(
                        it.boss,
                        "POST",
                        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                        Json.text(review));
        assertThat(answer.body()).contains("\"allowed\":false");
    }

    @Attempt(
            id = "CREDENTIAL-9",
            tries =
                    "to be more than one is in one's own world: a clerk who writes roles, bindings,"
                            + " escalates, binds",
            result = "403")
    void escalation(Installation it) {
        String rbac = "/apis/rbac.authorization.k8s.io/v1/";
        assertThat(
                        it.send(
                                        it.clerk,
                                        "POST",
                                        rbac + "clusterrolebindings",
                                        "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRoleBinding\",\"metadata\":{\"name\":\"me\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"clerk\",\"apiGroup\":\"rbac.authorization.k8s.io\"}]}")
                                .status())
                .isEqualTo(403);
        assertThat(it.get(it.clerk, "/api/v1/secrets").status()).isEqualTo(403);
        assertThat(it.send(it.clerk, "POST", TOKEN, "{}").status()).isEqualTo(403);
    }

    @Attempt(
            id = "CREDENTIAL-12",
            tries =
                    "no credentials at all, where bindings give everything to"
                            + " `system:unauthenticated`, in the own world and in the operator's",
            result = "health and version, as ever; 403 for the rest")
    void strangersWithBindings(Installation it) {
        String bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
        String binding =
                "{kind: ClusterRoleBinding, metadata: {name: strangers}, subjects: [{kind: Group,"
                    + " name: 'system:unauthenticated', apiGroup: rbac.authorization.k8s.io},"
                    + " {kind: User, name: 'system:anonymous', apiGroup:"
                    + " rbac.authorization.k8s.io}], roleRef: {apiGroup: rbac.authorization.k8s.io,"
                    + " kind: ClusterRole, name: cluster-admin}}";
        ObjectKey operators = new ObjectKey(Tenant.SYSTEM, "", "strangers");
        it.apply(Installation.ACME, binding);
        it.apply(Tenant.SYSTEM, binding);
        try {
            for (String open : List.of("/livez", "/readyz", "/healthz", "/version")) {
                assertThat(it.get("", open).status()).as(open).isEqualTo(200);
            }
            for (String target :
                    List.of(
                            "/api/v1/namespaces",
                            "/apis",
                            "/metrics",
                            GOLD,
                            "/tenants/acme" + GOLD,
                            THERE,
                            "/tenants/*/api/v1/secrets")) {
                assertThat(it.get("", target).status()).as(target).isIn(401, 403);
            }
        } finally {
            it.send(it.boss, "DELETE", bindings + "/strangers", "");
            it.client()
                    .delete(BuiltinTypes.CLUSTER_ROLE_BINDINGS, operators, DeleteOptions.DEFAULT);
        }
    }
}
