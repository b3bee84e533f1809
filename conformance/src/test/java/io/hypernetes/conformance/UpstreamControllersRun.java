package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.embedded.KubernetesApiServer;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Upstream's kube-controller-manager and kube-scheduler against a server of ours that has neither
 * our controllers of workloads nor our scheduler: {@code conformance/controllers}. No part of a
 * usual run, as the programs are not ours to bring. They speak protobuf; the nodes are fake.
 */
final class UpstreamControllersRun {
    private static final Path FOLDER =
            Path.of(System.getProperty("hypernetes.root", ".."), "conformance/target/upstream");

    /**
     * What they complain of beside a kube-apiserver too: races with their own writes, files that
     * were not given to them, and events for which their own end leaves no time.
     */
    private static final Pattern USUAL =
            Pattern.compile(
                    "the object has been modified|is not as new as written version|manifest file is"
                        + " empty|Flexvolume|client-ca-file|authentication-kubeconfig|StorageError|AlreadyExists|already"
                        + " exists|broadcaster already stopped");

    private static final List<String> MADE =
            List.of(
                    WorkloadIT.deployment("web", 3, "one"),
                    WorkloadIT.workload("StatefulSet", "db", 2, "one", "serviceName: db"),
                    """
                    apiVersion: apps/v1
                    kind: DaemonSet
                    metadata: {name: agent}
                    spec:
                      selector: {matchLabels: {name: agent}}
                      template:
                        metadata: {labels: {name: agent}}
                        spec: {containers: [{name: c, image: one}]}
                    """,
                    """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: work}
                    spec:
                      completions: 2
                      template:
                        metadata: {labels: {fake: succeeds}}
                        spec: {restartPolicy: Never, containers: [{name: c, image: one}]}
                    """,
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web}
                    spec: {selector: {name: web}, ports: [{port: 80}]}
                    """,
                    """
                    apiVersion: policy/v1
                    kind: PodDisruptionBudget
                    metadata: {name: web}
                    spec: {minAvailable: 2, selector: {matchLabels: {name: web}}}
                    """);

    @Test
    void theyMakePodsRun() throws Exception {
        Files.createDirectories(FOLDER);
        List<Process> programs = new ArrayList<>();
        List<FakeNode> nodes = new ArrayList<>();
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            Path kubeconfig = FOLDER.resolve("controllers.kubeconfig");
            Files.writeString(kubeconfig, server.system().kubeconfig());
            try {
                for (String name : ScheduledCluster.NODES) {
                    nodes.add(FakeNode.scheduled(server.client(), name));
                }
                programs.add(start("kube-controller-manager", kubeconfig));
                programs.add(start("kube-scheduler", kubeconfig));
                Space space = Space.in(server.system());
                MADE.forEach(manifest -> objects(space, manifest).create(manifest));
                awaitRunning(space);
                roll(space);
                cascade(space);
                assertThat(programs).allMatch(Process::isAlive);
            } finally {
                end(programs);
                nodes.forEach(FakeNode::close);
                Files.deleteIfExists(kubeconfig);
            }
        }
        assertThat(complaints()).isEmpty();
    }

    private static Process start(String program, Path kubeconfig) throws IOException {
        Path folder = Path.of(System.getProperty("upstream.programs", "."));
        return new ProcessBuilder(
                        folder.resolve(program).toString(),
                        "--kubeconfig=" + kubeconfig,
                        "--authentication-kubeconfig=" + kubeconfig,
                        "--authorization-kubeconfig=" + kubeconfig,
                        "--leader-elect=true",
                        "--bind-address=127.0.0.1",
                        "--secure-port=0",
                        "--kube-api-content-type=application/vnd.kubernetes.protobuf")
                .redirectErrorStream(true)
                .redirectOutput(log(program).toFile())
                .start();
    }

    private static Path log(String program) {
        return FOLDER.resolve(program + ".log");
    }

    private static void end(List<Process> programs) throws InterruptedException {
        for (Process program : programs) {
            program.destroy();
            if (!program.waitFor(20, TimeUnit.SECONDS)) {
                program.destroyForcibly();
            }
        }
    }

    private static Objects objects(Space space, String manifest) {
        ObjectNode object = Objects.tree(manifest);
        String kind = object.path("kind").asString("");
        return space.objects(
                object.path("apiVersion").asString(""), kind.toLowerCase(Locale.ROOT) + "s");
    }

    private static void awaitRunning(Space space) {
        WorkloadIT.apps(space, "deployments").await("web", d -> is(d, "availableReplicas", 3));
        WorkloadIT.apps(space, "statefulsets").await("db", s -> is(s, "readyReplicas", 2));
        WorkloadIT.apps(space, "daemonsets").await("agent", s -> is(s, "numberAvailable", 3));
        space.objects("batch/v1", "jobs").await("work", j -> is(j, "succeeded", 2));
        space.objects("policy/v1", "poddisruptionbudgets")
                .await("web", b -> is(b, "disruptionsAllowed", 1));
        Objects slices = space.objects("discovery.k8s.io/v1", "endpointslices");
        slices.awaitCount(1, "labelSelector=kubernetes.io/service-name=web");
        slices.await(slices.names().getFirst(), s -> s.path("endpoints").size() == 3);
    }

    private static void roll(Space space) {
        Objects deployments = WorkloadIT.apps(space, "deployments");
        deployments.merge(
                "web", "{spec: {template: {spec: {containers: [{name: httpd, image: two}]}}}}");
        // Of the new template: the counts of the old one are the same.
        deployments.await(
                "web",
                d ->
                        is(d, "observedGeneration", (int) Metadata.generation(d))
                                && is(d, "updatedReplicas", 3)
                                && is(d, "replicas", 3));
        space.pods().awaitCount(3, "labelSelector=name=web");
        assertThat(WorkloadIT.images(space)).filteredOn("two"::equals).hasSize(3);
    }

    private static void cascade(Space space) {
        WorkloadIT.apps(space, "deployments").delete("web");
        space.pods().awaitCount(0, "labelSelector=name=web");
        WorkloadIT.apps(space, "replicasets").awaitCount(0);
    }

    private static boolean is(ObjectNode object, String field, int number) {
        return WorkloadIT.number(object, field) == number;
    }

    /** Warnings and errors that have to do with the server. */
    private static List<String> complaints() throws IOException {
        List<String> told = new ArrayList<>();
        for (String program : List.of("kube-controller-manager", "kube-scheduler")) {
            try (Stream<String> lines = Files.lines(log(program))) {
                lines.filter(line -> line.matches("[EF]\\d{4} .*"))
                        .filter(line -> !USUAL.matcher(line).find())
                        .forEach(told::add);
            }
        }
        return told;
    }
}
