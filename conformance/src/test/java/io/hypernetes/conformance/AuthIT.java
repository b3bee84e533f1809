package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import org.awaitility.Awaitility;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Upstream's service_accounts.go and subjectreviews.go. */
final class AuthIT {
    private static Objects accounts(Space space) {
        return space.objects("v1", "serviceaccounts");
    }

    private static String account(String name, String more) {
        return "{apiVersion: v1, kind: ServiceAccount, metadata: {name: %s, labels: {e2e: mine}}%s}"
                .formatted(name, more);
    }

    @Upstream({
        "[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount"
                + " [Conformance]",
        "[sig-auth] ServiceAccounts should update a ServiceAccount [Conformance]"
    })
    @InWorlds
    void aServiceAccountLives(Space space) {
        Objects accounts = accounts(space);
        try (Watching watch = accounts.watch(Objects.labelled("e2e=mine"))) {
            accounts.create(account("sa", ""));
            watch.until("ADDED");
            ObjectNode patched = accounts.merge("sa", "{automountServiceAccountToken: false}");
            assertThat(patched.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            patched.put("automountServiceAccountToken", true);
            assertThat(accounts.replace(patched).path("automountServiceAccountToken").asBoolean())
                    .isTrue();
            assertThat(accounts.names(Objects.labelled("e2e=mine"))).containsExactly("sa");
            accounts.deleteAll(Objects.labelled("e2e=mine"));
            watch.until("DELETED");
        }
    }

    @Upstream(
            "[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace"
                    + " [Conformance]")
    @InWorlds
    void theRootCertificateIsInEveryNamespace(Space space) {
        Objects maps = space.configMaps();
        String name = "kube-root-ca.crt";
        ObjectNode first = maps.await(name, m -> m.path("data").has("ca.crt"));
        maps.delete(name);
        maps.await(name, m -> !Metadata.uid(m).equals(Metadata.uid(first)));
        maps.merge(name, "{data: {ca.crt: ''}}");
        maps.await(name, m -> m.path("data").equals(first.path("data")));
    }

    @Upstream(
            "[sig-auth] ServiceAccounts should allow opting out of API token automount"
                    + " [Conformance]")
    @InWorlds
    void theTokenIsMountedUnlessSomebodyOptsOut(Space space) {
        accounts(space).create(account("mount", ", automountServiceAccountToken: true"));
        accounts(space).create(account("nomount", ", automountServiceAccountToken: false"));
        for (String account : new String[] {"default", "mount", "nomount"}) {
            for (String asked : new String[] {"", "true", "false"}) {
                String spec =
                        "serviceAccountName: %s%s"
                                .formatted(
                                        account,
                                        asked.isEmpty()
                                                ? ""
                                                : ", automountServiceAccountToken: " + asked);
                ObjectNode pod =
                        space.pods()
                                .create(
                                        "{apiVersion: v1, kind: Pod, metadata: {generateName: p-},"
                                                + " spec: {%s, containers: [{name: c, image: i}]}}"
                                                        .formatted(spec));
                boolean expected =
                        asked.isEmpty() ? !account.equals("nomount") : asked.equals("true");
                assertThat(
                                pod.path("spec")
                                        .path("containers")
                                        .path(0)
                                        .path("volumeMounts")
                                        .valueStream()
                                        .anyMatch(m ->
                                                m.path("mountPath")
                                                        .asString()
                                                        .equals(
                                                                "/var/run/secrets/kubernetes.io/serviceaccount")))
                        .as(spec)
                        .isEqualTo(expected);
            }
        }
    }

    @InWorlds
    void aTokenIsReviewedForThoseItIsMeantFor(Space space) {
        accounts(space).create(account("meant", ""));
        String token =
                accounts(space)
                        .post(
                                "meant",
                                "token",
                                Objects.tree(
                                        "{apiVersion: authentication.k8s.io/v1, kind:"
                                                + " TokenRequest, spec: {audiences: [vault,"
                                                + " door]}}"))
                        .at("/status/token")
                        .asString();
        assertThat(reviewed(space, token, "door", "none").path("audiences").toString())
                .isEqualTo("[\"door\"]");
        assertThat(reviewed(space, token, "none").path("authenticated").asBoolean(false)).isFalse();
        assertThat(reviewed(space, token).path("authenticated").asBoolean(false)).isFalse();
    }

    private static JsonNode reviewed(Space space, String token, String... audiences) {
        ObjectNode review =
                Objects.tree("{apiVersion: authentication.k8s.io/v1, kind: TokenReview}");
        ObjectNode spec = review.putObject("spec").put("token", token);
        for (String audience : audiences) {
            spec.withArray("audiences").add(audience);
        }
        return space.http()
                .send(
                        "POST",
                        "/apis/authentication.k8s.io/v1/tokenreviews",
                        Http.JSON,
                        Json.text(review))
                .succeeded()
                .path("status");
    }

    @Upstream(
            "[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful"
                    + " TokenReview [Conformance]")
    @InWorlds
    void aTokenThatIsAskedForIsGood(Space space) {
        ObjectNode account = accounts(space).create(account("sa", ""));
        ObjectNode asked =
                accounts(space)
                        .post(
                                "sa",
                                "token",
                                Objects.tree(
                                        "{apiVersion: authentication.k8s.io/v1, kind:"
                                                + " TokenRequest, spec: {}}"));
        ObjectNode review =
                Objects.tree("{apiVersion: authentication.k8s.io/v1, kind: TokenReview}");
        review.putObject("spec").put("token", asked.at("/status/token").asString());
        ObjectNode status =
                (ObjectNode)
                        space.http()
                                .send(
                                        "POST",
                                        "/apis/authentication.k8s.io/v1/tokenreviews",
                                        Http.JSON,
                                        Json.text(review))
                                .succeeded()
                                .path("status");
        assertThat(status.path("error").asString("")).isEmpty();
        assertThat(status.path("authenticated").asBoolean()).isTrue();
        assertThat(status.path("audiences").toString()).contains("kubernetes.default.svc");
        assertThat(status.at("/user/username").asString())
                .isEqualTo("system:serviceaccount:" + space.namespace() + ":sa");
        assertThat(status.at("/user/uid").asString()).isEqualTo(Metadata.uid(account));
        assertThat(status.at("/user/groups").toString())
                .contains(
                        "system:authenticated",
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + space.namespace());
    }

    @Upstream("[sig-auth] SubjectReview should support SubjectReview API operations [Conformance]")
    @InWorlds
    void aReviewTellsWhatTheCallWouldMeet(Space space) {
        accounts(space).create(account("e2e", ""));
        String user = "system:serviceaccount:" + space.namespace() + ":e2e";
        Space theirs =
                space.as(
                        user,
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + space.namespace());
        assertThat(allowed(space, "subjectaccessreviews", "SubjectAccessReview", user)).isFalse();
        assertThat(Refused.by(() -> theirs.configMaps().list()).code()).isEqualTo(403);
        space.objects("rbac.authorization.k8s.io/v1", "rolebindings")
                .create(
                        """
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {name: e2e}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                        subjects: [{kind: ServiceAccount, name: e2e, namespace: %s}]
                        """
                                .formatted(space.namespace()));
        Awaitility.await()
                .until(() -> allowed(space, "subjectaccessreviews", "SubjectAccessReview", user));
        assertThat(
                        allowed(
                                space,
                                "namespaces/" + space.namespace() + "/localsubjectaccessreviews",
                                "LocalSubjectAccessReview",
                                user))
                .isTrue();
        assertThat(theirs.configMaps().list()).isNotNull();
    }

    private static boolean allowed(Space space, String path, String kind, String user) {
        ObjectNode review =
                Objects.tree(
                        """
                        apiVersion: authorization.k8s.io/v1
                        kind: %s
                        metadata: {namespace: '%s'}
                        spec:
                          user: '%s'
                          resourceAttributes: {verb: list, resource: configmaps, version: v1, namespace: %s}
                        """
                                .formatted(
                                        kind,
                                        kind.startsWith("Local") ? space.namespace() : "",
                                        user,
                                        space.namespace()));
        return space.http()
                .send("POST", "/apis/authorization.k8s.io/v1/" + path, Http.JSON, Json.text(review))
                .succeeded()
                .path("status")
                .path("allowed")
                .asBoolean();
    }
}
