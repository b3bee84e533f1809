package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The built-in admission plug-ins over the wire, in two tenants' worlds. */
class BuiltinAdmissionIT {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void namespace(String name, String labels) {
        for (String user : List.of(TestServer.ALICE, TestServer.BOB)) {
            post(
                    user,
                    "/api/v1/namespaces",
                    "{\"metadata\":{\"name\":\"%s\",\"labels\":{%s}}}".formatted(name, labels),
                    "v1",
                    "Namespace");
        }
    }

    private static ObjectNode post(
            String user, String path, String json, String apiVersion, String kind) {
        HttpResponse<String> response = send(user, path, json, apiVersion, kind);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return tree(response);
    }

    private static HttpResponse<String> send(
            String user, String path, String json, String apiVersion, String kind) {
        ObjectNode object = Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
        object.put("apiVersion", apiVersion).put("kind", kind);
        return server.send(user, "POST", path, Json.text(object));
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String message(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        return tree(response).path("message").asString();
    }

    private static HttpResponse<String> pod(
            String user, String namespace, String name, String spec) {
        return send(
                user,
                "/api/v1/namespaces/" + namespace + "/pods",
                "{\"metadata\":{\"name\":\"%s\"},\"spec\":%s}".formatted(name, spec),
                "v1",
                "Pod");
    }

    private static final String PLAIN = "{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}";

    @Test
    void aPodGetsWhatUpstreamsDefaultsGiveIt() {
        namespace("plain", "");
        ObjectNode pod = tree(pod(TestServer.ALICE, "plain", "p", PLAIN));
        assertThat(pod.at("/spec/priority").asInt(-1)).isZero();
        assertThat(pod.at("/spec/preemptionPolicy").asString()).isEqualTo("PreemptLowerPriority");
        assertThat(pod.at("/spec/tolerations").size()).isEqualTo(2);
        assertThat(pod.at("/spec/volumes/0/name").asString()).startsWith("kube-api-access-");
        assertThat(
                        pod.at("/spec/volumes/0/projected/sources/0/serviceAccountToken/path")
                                .asString())
                .isEqualTo("token");
        assertThat(pod.at("/spec/containers/0/volumeMounts/0/mountPath").asString())
                .isEqualTo("/var/run/secrets/kubernetes.io/serviceaccount");
        ObjectNode without =
                tree(
                        pod(
                                TestServer.ALICE,
                                "plain",
                                "without",
                                "{\"automountServiceAccountToken\":false,\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
        assertThat(without.at("/spec/volumes").size()).isZero();
        assertThat(
                        message(
                                pod(
                                        TestServer.ALICE,
                                        "plain",
                                        "low",
                                        "{\"priorityClassName\":\"nope\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}")))
                .isEqualTo("pods \"low\" is forbidden: no PriorityClass with name nope was found");
        assertThat(
                        message(
                                pod(
                                        TestServer.ALICE,
                                        "plain",
                                        "path",
                                        "{\"priorityClassName\":\"../x\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}")))
                .isEqualTo("pods \"path\" is forbidden: no PriorityClass with name ../x was found");
    }

    @Test
    void claimsVolumesAndNodesArePreparedForTheirControllers() {
        namespace("storage", "");
        ObjectNode claim =
                post(
                        TestServer.ALICE,
                        "/api/v1/namespaces/storage/persistentvolumeclaims",
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],"
                            + "\"resources\":{\"requests\":{\"storage\":\"1Mi\"}}}}",
                        "v1",
                        "PersistentVolumeClaim");
        assertThat(claim.at("/metadata/finalizers/0").asString())
                .isEqualTo("kubernetes.io/pvc-protection");
        ObjectNode volume =
                post(
                        TestServer.ALICE,
                        "/api/v1/persistentvolumes",
                        "{\"metadata\":{\"name\":\"v\",\"finalizers\":[\"kubernetes.io/pv-protection\"]},"
                            + "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"capacity\":{\"storage\":"
                            + "\"1Mi\"},\"csi\":{\"driver\":\"d\",\"volumeHandle\":\"h\"}}}",
                        "v1",
                        "PersistentVolume");
        assertThat(volume.at("/metadata/finalizers").size()).isEqualTo(1);
        ObjectNode node = Json.object();
        node.putObject("metadata").put("name", "n");
        ObjectNode made = server.client().create(BuiltinTypes.NODES, Tenant.SYSTEM, node);
        assertThat(made.at("/spec/taints/0/key").asString())
                .isEqualTo("node.kubernetes.io/not-ready");
        assertThat(made.at("/spec/taints/0/effect").asString()).isEqualTo("NoSchedule");
    }

    @Test
    void whatALevelForbidsIsRefusedInUpstreamsWords() {
        namespace("strict", "\"pod-security.kubernetes.io/enforce\":\"restricted\"");
        assertThat(message(pod(TestServer.ALICE, "strict", "p", PLAIN)))
                .isEqualTo(
                        "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\":"
                                + " allowPrivilegeEscalation != false (container \"c\" must set"
                                + " securityContext.allowPrivilegeEscalation=false), unrestricted"
                                + " capabilities (container \"c\" must set"
                                + " securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot !="
                                + " true (pod or container \"c\" must set"
                                + " securityContext.runAsNonRoot=true), seccompProfile (pod or"
                                + " container \"c\" must set securityContext.seccompProfile.type to"
                                + " \"RuntimeDefault\" or \"Localhost\")");
        HttpResponse<String> good =
                pod(
                        TestServer.ALICE,
                        "strict",
                        "good",
                        """
                        {"securityContext":{"runAsNonRoot":true,
                          "seccompProfile":{"type":"RuntimeDefault"}},
                         "containers":[{"name":"c","image":"i","securityContext":{
                          "allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}
                        """);
        assertThat(good.statusCode()).as(good.body()).isEqualTo(201);
    }

    @Test
    void aStricterLevelWarnsOfThePodsThatViolateIt() {
        namespace("turned", "");
        assertThat(pod(TestServer.ALICE, "turned", "old", PLAIN).statusCode()).isEqualTo(201);
        HttpResponse<String> changed =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        "/api/v1/namespaces/turned",
                        "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"restricted\"}}}",
                        "application/merge-patch+json");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(String.join("\n", changed.headers().allValues("Warning")))
                .contains("violate the new PodSecurity enforce level")
                .contains("old: allowPrivilegeEscalation != false");
        HttpResponse<String> wrong =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        "/api/v1/namespaces/turned",
                        "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"lax\"}}}",
                        "application/merge-patch+json");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("must be one of privileged, baseline, restricted");
    }

    @Test
    void limitsAreFilledInAndHeldTo() {
        namespace("limited", "");
        post(
                TestServer.ALICE,
                "/api/v1/namespaces/limited/limitranges",
                """
                {"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container",
                  "default":{"cpu":"500m"},"defaultRequest":{"cpu":"100m"},"max":{"cpu":"1"}}]}}
                """,
                "v1",
                "LimitRange");
        ObjectNode pod = tree(pod(TestServer.ALICE, "limited", "p", PLAIN));
        assertThat(pod.at("/spec/containers/0/resources/limits/cpu").asString()).isEqualTo("500m");
        assertThat(pod.at("/spec/containers/0/resources/requests/cpu").asString())
                .isEqualTo("100m");
        assertThat(
                        pod.path("metadata")
                                .path("annotations")
                                .path("kubernetes.io/limit-ranger")
                                .asString())
                .isEqualTo(
                        "LimitRanger plugin set: cpu request for container c; cpu limit for"
                                + " container c");
        String big =
                "{\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"limits\":{\"cpu\":\"2\"}}}]}";
        assertThat(message(pod(TestServer.ALICE, "limited", "big", big)))
                .isEqualTo(
                        "pods \"big\" is forbidden: maximum cpu usage per Container is 1, but limit"
                                + " is 2");
        assertThat(pod(TestServer.BOB, "limited", "big", big).statusCode()).isEqualTo(201);
    }

    @Test
    void manyWritersAtOnceNeverExceedAQuota() throws Exception {
        namespace("counted", "");
        quota(TestServer.ACME, "{\"count/configmaps\":\"10\"}", "{\"count/configmaps\":\"0\"}");
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String name = "m" + i;
                answers.add(
                        writers.submit(() ->
                                send(
                                        TestServer.ALICE,
                                        "/api/v1/namespaces/counted/configmaps",
                                        "{\"metadata\":{\"name\":\"" + name + "\"}}",
                                        "v1",
                                        "ConfigMap")));
            }
            int created = 0;
            for (Future<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get();
                if (response.statusCode() == 201) {
                    created++;
                } else {
                    assertThat(message(response))
                            .contains(
                                    "exceeded quota: q, requested: count/configmaps=1, used:"
                                            + " count/configmaps=10, limited:"
                                            + " count/configmaps=10");
                }
            }
            assertThat(created).isEqualTo(10);
        }
        assertThat(
                        server.stored(BuiltinTypes.RESOURCE_QUOTAS, TestServer.ACME, "counted", "q")
                                .path("status")
                                .path("used")
                                .path("count/configmaps")
                                .asString())
                .isEqualTo("10");
        post(
                TestServer.BOB,
                "/api/v1/namespaces/counted/configmaps",
                "{\"metadata\":{\"name\":\"free\"}}",
                "v1",
                "ConfigMap");
    }

    private static void quota(Tenant tenant, String hard, String used) {
        ObjectNode quota = Json.object();
        quota.putObject("metadata").put("namespace", "counted").put("name", "q");
        quota.putObject("spec")
                .set("hard", Json.parseObject(hard.getBytes(StandardCharsets.UTF_8)));
        server.client().create(BuiltinTypes.RESOURCE_QUOTAS, tenant, quota);
        ObjectNode made =
                server.client()
                        .get(BuiltinTypes.RESOURCE_QUOTAS, new ObjectKey(tenant, "counted", "q"));
        ObjectNode status = made.putObject("status");
        status.set("hard", Json.parseObject(hard.getBytes(StandardCharsets.UTF_8)));
        status.set("used", Json.parseObject(used.getBytes(StandardCharsets.UTF_8)));
        server.client().updateStatus(BuiltinTypes.RESOURCE_QUOTAS, tenant, made);
    }

    /** KEP-4381: an expression that no device could be asked by is told when it is written. */
    @Test
    void devicesAreChosenByExpressionsThatCompile() {
        String resources = "/apis/resource.k8s.io/v1/";
        String claims = resources + "namespaces/default/resourceclaims";
        String claim =
                """
                {"metadata": {"name": "%s"}, "spec": {"devices": {"requests": [{"name": "gpu",
                 "exactly": {"deviceClassName": "gpu", "selectors": [{"cel": {"expression": "%s"}}]}}]}}}
                """;
        post(
                TestServer.ALICE,
                claims,
                claim.formatted(
                        "good",
                        "device.driver == 'd.example.com' &&"
                            + " device.attributes['d.example.com'].model == 'a' &&"
                            + " device.capacity['d.example.com'].memory.compareTo(quantity('1Gi'))"
                            + " >= 0"),
                "resource.k8s.io/v1",
                "ResourceClaim");
        String at = "spec.devices.requests[0].exactly.selectors[0].cel.expression";
        assertThat(claimError(claims, claim.formatted("bad", "device.colour == 'red'")))
                .contains(at, "undefined field 'colour'");
        assertThat(claimError(claims, claim.formatted("bad", "device.driver")))
                .contains(at, "must evaluate to bool");
        String all = "device.attributes.all(a, %s)";
        String deep = all;
        for (int i = 0; i < 4; i++) {
            deep = deep.formatted(all);
        }
        assertThat(claimError(claims, claim.formatted("bad", deep.formatted("a != ''"))))
                .contains(at + ": Forbidden: too complex, exceeds cost limit");
        HttpResponse<String> deviceClass =
                send(
                        TestUsers.OPERATOR,
                        resources + "deviceclasses",
                        """
                        {"metadata": {"name": "gpu"},
                         "spec": {"selectors": [{"cel": {"expression": "device.driver =="}}]}}
                        """,
                        "resource.k8s.io/v1",
                        "DeviceClass");
        assertThat(deviceClass.statusCode()).isEqualTo(422);
        assertThat(deviceClass.body())
                .contains("spec.selectors[0].cel.expression", "compilation failed");
    }

    /** KEP-5018: who looks into others' devices does so from a namespace made for it. */
    @Test
    void adminAccessToDevicesNeedsItsLabel() {
        namespace("blind", "\"resource.kubernetes.io/admin-access\":\"yes\"");
        namespace("looking", "\"resource.kubernetes.io/admin-access\":\"true\"");
        String claims = "/apis/resource.k8s.io/v1/namespaces/%s/resourceclaims";
        String spec =
                """
                {"devices": {"requests": [{"name": "mine", "exactly": {"deviceClassName": "gpu"}},
                 {"name": "all", "exactly": {"deviceClassName": "gpu", "adminAccess": true}}]}}
                """;
        String claim = "{\"metadata\": {\"name\": \"looks\"}, \"spec\": %s}".formatted(spec);
        String refusal =
                "spec.devices.requests[1].adminAccess: Forbidden: admin access to devices requires"
                        + " the `resource.kubernetes.io/admin-access: true` label on the containing"
                        + " namespace";
        assertThat(claimError(claims.formatted("blind"), claim)).contains(refusal);
        post(
                TestServer.ALICE,
                claims.formatted("looking"),
                claim,
                "resource.k8s.io/v1",
                "ResourceClaim");
        HttpResponse<String> template =
                send(
                        TestServer.ALICE,
                        "/apis/resource.k8s.io/v1/namespaces/blind/resourceclaimtemplates",
                        "{\"metadata\": {\"name\": \"looks\"}, \"spec\": {\"spec\": %s}}"
                                .formatted(spec),
                        "resource.k8s.io/v1",
                        "ResourceClaimTemplate");
        assertThat(template.statusCode()).as(template.body()).isEqualTo(422);
        assertThat(tree(template).path("message").asString()).contains(refusal);
        grantedByAStatus(claims.formatted("blind"));
    }

    private static void grantedByAStatus(String claims) {
        ObjectNode plain =
                post(
                        TestServer.ALICE,
                        claims,
                        """
                        {"metadata": {"name": "blind"}, "spec": {"devices": {"requests": [
                         {"name": "mine", "exactly": {"deviceClassName": "gpu"}}]}}}
                        """,
                        "resource.k8s.io/v1",
                        "ResourceClaim");
        ObjectNode result =
                plain.withObject("status")
                        .withObject("allocation")
                        .withObject("devices")
                        .putArray("results")
                        .addObject();
        result.put("request", "mine").put("driver", "d.example.com").put("pool", "p");
        result.put("device", "d").put("adminAccess", true);
        HttpResponse<String> answer =
                server.send(TestServer.ALICE, "PUT", claims + "/blind/status", Json.text(plain));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(tree(answer).path("message").asString())
                .contains("status.allocation.devices.results[0].adminAccess: Forbidden");
    }

    private static String claimError(String path, String claim) {
        HttpResponse<String> answer =
                send(TestServer.ALICE, path, claim, "resource.k8s.io/v1", "ResourceClaim");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        return tree(answer).path("message").asString();
    }
}
