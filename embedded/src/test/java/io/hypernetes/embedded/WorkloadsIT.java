package io.hypernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Deployments and what they are made of, as kubectl drives and shows them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkloadsIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder;

    private KubernetesApiServer server;
    private PretendedNode node;
    private World world;
    private Path kubeconfig;

    @BeforeAll
    void start() {
        server = KubernetesApiServer.builder().workloads().start();
        node = new PretendedNode(server.client());
    }

    @AfterAll
    void stop() {
        node.close();
        server.close();
    }

    @BeforeEach
    void newWorld() throws IOException {
        world = server.createTenant();
        kubeconfig =
                Files.writeString(folder.resolve(world.tenant() + ".conf"), world.kubeconfig());
    }

    @Test
    void aDeploymentIsRolledOutUndoneScaledAndDeleted() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=3");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=60s"))
                .contains("deployment \"web\" successfully rolled out");
        kubectl("set", "image", "deployment/web", "one=two");
        assertThat(kubectl("rollout", "status", "deployment/web", "--timeout=60s"))
                .contains("successfully rolled out");
        assertThat(images()).containsOnly("two").hasSize(3);
        assertThat(kubectl("rollout", "history", "deployment/web")).contains("\n1 ", "\n2 ");

        kubectl("rollout", "undo", "deployment/web");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(images()).containsOnly("one").hasSize(3);
        assertThat(kubectl("rollout", "history", "deployment/web"))
                .contains("\n2 ", "\n3 ")
                .doesNotContain("\n1 ");

        kubectl("scale", "deployment/web", "--replicas=5");
        kubectl("wait", "deployment/web", "--for=jsonpath={.status.availableReplicas}=5");
        assertThat(kubectl("describe", "deployment/web"))
                .contains("5 desired | 5 updated | 5 total | 5 available | 0 unavailable")
                .contains("MinimumReplicasAvailable", "NewReplicaSetAvailable")
                .containsPattern("ScalingReplicaSet .* Scaled up replica set web-\\S+ from 0 to 3");

        kubectl("delete", "deployment/web");
        await().atMost(LONG).until(() -> names(BuiltinTypes.PODS).isEmpty());
        await().atMost(LONG).until(() -> names(WorkloadTypes.REPLICA_SETS).isEmpty());
    }

    @Test
    void aBrokenTemplateStopsWhereAvailabilityWouldBeLost() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=4");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        patch("web", "{\"spec\":{\"progressDeadlineSeconds\":1}}");
        kubectl("set", "image", "deployment/web", "one=broken");
        await().atMost(LONG)
                .until(() ->
                        kubectl("get", "deployment/web", "-o", "jsonpath={.status.conditions}")
                                .contains("ProgressDeadlineExceeded"));
        // 25 % of 4 may be missing, and as many may be there beyond.
        assertThat(images()).filteredOn("one"::equals).hasSize(3);
        assertThat(images()).filteredOn("broken"::equals).hasSize(2);
        assertThat(kubectl("get", "deployment/web", "-o", "jsonpath={.status.availableReplicas}"))
                .isEqualTo("3");
    }

    @Test
    void aPausedDeploymentIsScaledButNotRolledOut() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=1");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        kubectl("rollout", "pause", "deployment/web");
        kubectl("set", "image", "deployment/web", "one=two");
        kubectl("scale", "deployment/web", "--replicas=2");
        kubectl("wait", "deployment/web", "--for=jsonpath={.status.availableReplicas}=2");
        assertThat(images()).containsExactly("one", "one");
        kubectl("rollout", "resume", "deployment/web");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(images()).containsExactly("two", "two");
    }

    @Test
    void recreateLeavesNoMomentWithBothTemplates() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=2");
        patch("web", "{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}}}");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        kubectl("set", "image", "deployment/web", "one=two");
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    List<String> images = images();
                    assertThat(images.stream().distinct()).hasSizeLessThan(2);
                    return images.equals(List.of("two", "two"));
                });
    }

    @Test
    void aReplicaSetAdoptsAndLetsGo() throws Exception {
        kubectl("run", "orphan", "--image=one", "--labels=app=web");
        apply(
                """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: web}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: one}]}
                """);
        kubectl("wait", "rs/web", "--for=jsonpath={.status.readyReplicas}=2");
        assertThat(names(BuiltinTypes.PODS)).hasSize(2).contains("orphan");
        assertThat(owners("orphan")).containsExactly("web");

        kubectl("label", "pod/orphan", "app=other", "--overwrite");
        await().atMost(LONG).until(() -> names(BuiltinTypes.PODS).size() == 3);
        await().atMost(LONG).until(() -> owners("orphan").isEmpty());

        kubectl("delete", "rs/web", "--cascade=orphan");
        await().atMost(LONG).until(() -> names(WorkloadTypes.REPLICA_SETS).isEmpty());
        assertThat(names(BuiltinTypes.PODS)).hasSize(3);
    }

    @Test
    void whatCannotBeMadeIsToldAndMadeLater() throws Exception {
        kubectl("create", "quota", "few", "--hard=pods=1");
        kubectl("create", "deployment", "web", "--image=one", "--replicas=2");
        await().atMost(LONG)
                .until(() ->
                        kubectl("get", "rs", "-o", "jsonpath={.items[*].status.conditions[*]}")
                                .contains("exceeded quota: few"));
        assertThat(kubectl("describe", "rs")).contains("FailedCreate", "exceeded quota: few");
        kubectl(
                "patch",
                "quota/few",
                "--type=merge",
                "-p",
                "{\"spec\":{\"hard\":{\"pods\":\"9\"}}}");
        kubectl("wait", "deployment/web", "--for=condition=Available", "--timeout=60s");
        await().atMost(LONG)
                .until(() ->
                        !kubectl("get", "deploy/web", "-o", "yaml").contains("ReplicaFailure"));
    }

    @Test
    void aBudgetLetsPodsGoAsFarAsItPromises() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=2");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        kubectl("create", "pdb", "web", "--selector=app=web", "--min-available=100%");
        kubectl("wait", "pdb/web", "--for=condition=DisruptionAllowed=False");
        kubectl("wait", "pdb/web", "--for=jsonpath={.status.desiredHealthy}=2");
        String pod = names(BuiltinTypes.PODS).getFirst();
        assertThat(evict(pod, 1))
                .contains("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(names(BuiltinTypes.PODS)).contains(pod);

        kubectl("patch", "pdb/web", "--type=merge", "-p", "{\"spec\":{\"minAvailable\":\"50%\"}}");
        kubectl("wait", "pdb/web", "--for=jsonpath={.status.disruptionsAllowed}=1");
        assertThat(evict(pod, 0)).contains("Success");
        await().atMost(LONG).until(() -> !names(BuiltinTypes.PODS).contains(pod));
        kubectl("wait", "pdb/web", "--for=jsonpath={.status.currentHealthy}=2");
        assertThat(kubectl("get", "pdb/web", "-o", "yaml"))
                .contains("reason: SufficientPods", "expectedPods: 2")
                .doesNotContain("disruptedPods");
    }

    @Test
    void aStatefulSetKeepsItsPodsNames() throws Exception {
        apply(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  replicas: 2
                  serviceName: db
                  selector: {matchLabels: {app: db}}
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: c, image: one}]}
                """);
        kubectl("rollout", "status", "statefulset/db", "--timeout=60s");
        assertThat(names(BuiltinTypes.PODS)).containsExactlyInAnyOrder("db-0", "db-1");
        kubectl("set", "image", "statefulset/db", "c=two");
        kubectl("rollout", "status", "statefulset/db", "--timeout=60s");
        assertThat(images()).containsExactly("two", "two");
        kubectl("rollout", "undo", "statefulset/db");
        kubectl("rollout", "status", "statefulset/db", "--timeout=60s");
        assertThat(images()).containsExactly("one", "one");
    }

    @Test
    void aJobRunsToItsEndAndIsForgotten() throws Exception {
        kubectl("create", "job", "work", "--image=ends", "--", "true");
        kubectl("wait", "job/work", "--for=condition=Complete", "--timeout=60s");
        assertThat(kubectl("get", "job/work")).contains("Complete", "1/1");
        assertThat(kubectl("describe", "job/work")).contains("SuccessfulCreate", "Completed");
        assertThat(kubectl("get", "pods", "-o", "yaml")).doesNotContain("job-tracking");
        String soon = "{\"spec\":{\"ttlSecondsAfterFinished\":0}}";
        kubectl("patch", "job/work", "--type=merge", "-p", soon);
        await().atMost(LONG).until(() -> names(WorkloadTypes.JOBS).isEmpty());
        await().atMost(LONG).until(() -> names(BuiltinTypes.PODS).isEmpty());
    }

    @Test
    void aServiceKnowsTheReadyPodsBehindIt() throws Exception {
        kubectl("create", "deployment", "web", "--image=one", "--replicas=2", "--port=8080");
        kubectl("create", "deployment", "bad", "--image=broken", "--replicas=1");
        kubectl("expose", "deployment", "web", "--port=80", "--target-port=8080");
        String path = "jsonpath={.items[*].endpoints[?(@.conditions.ready==true)].addresses[0]}";
        String[] slices = {"get", "endpointslices", "-l", "kubernetes.io/service-name=web"};
        await().atMost(LONG)
                .until(() ->
                        kubectl(slices[0], slices[1], slices[2], slices[3], "-o", path)
                                        .split(" ")
                                        .length
                                == 2);
        await().atMost(LONG)
                .until(() -> kubectl("get", "endpoints", "web").split(":8080", -1).length == 3);
        assertThat(kubectl("describe", "service", "web")).contains(":8080");
        kubectl("delete", "service", "web");
        await().atMost(LONG)
                .until(() ->
                        names(BuiltinTypes.ENDPOINT_SLICES).stream()
                                .noneMatch(name -> name.startsWith("web")));
        await().atMost(LONG)
                .until(() ->
                        names(BuiltinTypes.ENDPOINTS).stream()
                                .noneMatch(name -> name.startsWith("web")));
    }

    private String evict(String pod, int exit) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("eviction.json"),
                        "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\""
                                + pod
                                + "\"}}");
        String path = "/api/v1/namespaces/default/pods/" + pod + "/eviction";
        return kubectl(exit, "create", "--raw", path, "-f", file.toString());
    }

    @Test
    void theSameNamesInAnotherWorldAreOthers() throws Exception {
        World other = server.createTenant();
        kubectl("create", "deployment", "web", "--image=one", "--replicas=2");
        kubectl("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(server.client().list(BuiltinTypes.PODS, Selection.of(other.tenant())).items())
                .isEmpty();
    }

    @Test
    void aReplicationControllerKeepsItsPods() throws Exception {
        apply(
                """
                apiVersion: v1
                kind: ReplicationController
                metadata: {name: web}
                spec:
                  replicas: 2
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: c, image: one}]}
                """);
        kubectl("wait", "rc/web", "--for=jsonpath={.status.availableReplicas}=2");
        ObjectKey first =
                new ObjectKey(world.tenant(), "default", names(BuiltinTypes.PODS).getFirst());
        server.client().delete(BuiltinTypes.PODS, first, DeleteOptions.NOW);
        await().atMost(LONG)
                .until(() ->
                        names(BuiltinTypes.PODS).size() == 2
                                && !names(BuiltinTypes.PODS).contains(first.name()));
    }

    private List<String> owners(String pod) {
        return Metadata.ownerReferences(
                        server.client()
                                .get(
                                        BuiltinTypes.PODS,
                                        new ObjectKey(world.tenant(), "default", pod)))
                .stream()
                .map(Metadata.OwnerReference::name)
                .toList();
    }

    private List<ObjectNode> objects(ResourceType type) {
        return server.client().list(type, Selection.of(world.tenant(), "default")).items().stream()
                .map(TenantObject::object)
                .filter(object -> !Metadata.isBeingDeleted(object))
                .toList();
    }

    private List<String> names(ResourceType type) {
        return objects(type).stream().map(Metadata::name).toList();
    }

    private List<String> images() {
        return objects(BuiltinTypes.PODS).stream()
                .map(pod -> pod.path("spec").path("containers").path(0).path("image").asString())
                .toList();
    }

    private void patch(String deployment, String patch) throws Exception {
        kubectl("patch", "deployment/" + deployment, "--type=merge", "-p", patch);
    }

    private void apply(String manifest) throws Exception {
        Path file = Files.writeString(folder.resolve("manifest.yaml"), manifest);
        kubectl("apply", "-f", file.toString());
    }

    private String kubectl(String... arguments) throws Exception {
        return kubectl(0, arguments);
    }

    private String kubectl(int exit, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of("--cache-dir", folder.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(out);
        assertThat(process.exitValue()).as(text).isEqualTo(exit);
        return text;
    }
}
