package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What a running pod is given, and taken: KEP-1287 in a real machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodResourcesIT {
    private static final String ACME = "acme";

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: sized}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 500m, memory: 32Mi}}
              - name: anew
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "trap exit TERM; while :; do sleep 0.2; done"]
                resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
                resources: {requests: {memory: 16Mi}, limits: {memory: 16Mi}}
            """;

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, POD);
        cloud.awaitReady(ACME, "sized");
    }

    @AfterAll
    void remove() {
        cloud.kubectl(ACME, "delete", "pod", "sized", "--now", "--ignore-not-found").succeeded();
    }

    private void resize(String container, String requests, String limits) {
        cloud.kubectl(
                        ACME,
                        "patch",
                        "pod",
                        "sized",
                        "--subresource=resize",
                        "-p",
                        """
                        {"spec":{"containers":[{"name":"%s","resources":{"requests":%s,"limits":%s}}]}}
                        """
                                .formatted(container, requests, limits))
                .succeeded();
    }

    private JsonNode pod() {
        return cloud.get(ACME, "pod", "sized");
    }

    private JsonNode status(String container) {
        for (JsonNode status : pod().path("status").path("containerStatuses")) {
            if (status.path("name").asString().equals(container)) {
                return status;
            }
        }
        throw new AssertionError("no status of " + container);
    }

    private List<String> conditions() {
        return pod().path("status")
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString().startsWith("PodResize"))
                .map(condition ->
                        condition.path("type").asString()
                                + " "
                                + condition.path("reason").asString(""))
                .toList();
    }

    private String inGuest(String line) {
        return cloud.exec(ACME, "sized", "main", line).text();
    }

    @Test
    void aPodIsResizedWhileItRuns() {
        long before =
                Long.parseLong(
                        inGuest("sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo"));
        assertThat(inGuest("grep -c ^processor /proc/cpuinfo")).isEqualTo("1");

        resize(
                "main",
                "{\"cpu\":\"200m\",\"memory\":\"64Mi\"}",
                "{\"cpu\":\"1500m\",\"memory\":\"160Mi\"}");
        cloud.await(
                "the greater limit; " + pod().path("status"),
                () -> status("main").at("/resources/limits/memory").asString("").equals("160Mi"));
        assertThat(inGuest("grep -c ^processor /proc/cpuinfo")).isEqualTo("2");
        long after =
                Long.parseLong(
                        inGuest("sed -n 's/^MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo"));
        assertThat(after - before).isEqualTo(128 << 10);
        // More than it was allowed before: what it writes counts as its memory.
        assertThat(inGuest("head -c 40000000 /dev/zero > /tmp/x; wc -c < /tmp/x; rm /tmp/x"))
                .isEqualTo("40000000");
        cloud.await("the end of the resize", () -> conditions().isEmpty());
        assertThat(status("main").path("restartCount").asInt()).isZero();
        assertThat(status("main").at("/allocatedResources/memory").asString()).isEqualTo("64Mi");

        whatTheNodeDoesNotHaveIsRefused();
        aContainerThatWantsItIsStartedAnew();
        assertThat(cloud.events(ACME, "sized"))
                .contains("ResizeStarted", "ResizeCompleted", "ResizeInfeasible");
    }

    private void whatTheNodeDoesNotHaveIsRefused() {
        resize(
                "main",
                "{\"cpu\":\"900\",\"memory\":\"64Mi\"}",
                "{\"cpu\":\"900\",\"memory\":\"160Mi\"}");
        cloud.await(
                "the refusal", () -> conditions().equals(List.of("PodResizePending Infeasible")));
        assertThat(status("main").at("/resources/limits/cpu").asString()).isEqualTo("1500m");
        resize(
                "main",
                "{\"cpu\":\"200m\",\"memory\":\"64Mi\"}",
                "{\"cpu\":\"1\",\"memory\":\"96Mi\"}");
        cloud.await(
                "the smaller limit",
                () -> status("main").at("/resources/limits/memory").asString("").equals("96Mi"));
    }

    private void aContainerThatWantsItIsStartedAnew() {
        resize("anew", "{\"memory\":\"24Mi\"}", "{\"memory\":\"24Mi\"}");
        cloud.await("the new start", () -> status("anew").path("restartCount").asInt() == 1);
        cloud.await(
                "the new limit",
                () -> status("anew").at("/resources/limits/memory").asString("").equals("24Mi"));
        assertThat(status("main").path("restartCount").asInt()).isZero();
    }
}
