package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.node.PodMemory.Health;
import io.hypernetes.node.SandboxView.ContainerView;
import io.hypernetes.node.SandboxView.Phase;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class StatusBuilderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ObjectKey KEY = new ObjectKey(new Tenant("acme"), "web", "a");

    private final StatusBuilder builder = new StatusBuilder("192.0.2.1", "hyper");
    private final PodMemory memory = new PodMemory();

    @Test
    void aPodWithoutASandboxIsPendingAndItsContainersAreBeingCreated() {
        ObjectNode status = status(pod("{}"), Optional.empty());
        assertThat(status.path("phase").asString()).isEqualTo("Pending");
        assertThat(waitingReason(status)).isEqualTo("ContainerCreating");
        assertThat(condition(status, "Ready").path("status").asString()).isEqualTo("False");
    }

    @Test
    void aRunningContainerWithoutAProbeIsReady() {
        ObjectNode status = status(pod("{}"), sandbox(running("main", 0)));
        assertThat(status.path("phase").asString()).isEqualTo("Running");
        assertThat(condition(status, "Ready").path("status").asString()).isEqualTo("True");
        assertThat(status.path("podIP").asString()).isEqualTo("10.0.0.3");
        assertThat(status.at("/podIPs/1/ip").asString()).isEqualTo("fd00::3");
    }

    @Test
    void aPodIsNotReadyBeforeOthersHaveOpenedItsGates() {
        ObjectNode pod = pod("{}");
        pod.withObject("spec").withArray("readinessGates").addObject().put("conditionType", "a/b");
        Optional<SandboxView> sandbox = sandbox(running("main", 0));
        JsonNode ready = condition(status(pod, sandbox), "Ready");
        assertThat(ready.path("status").asString()).isEqualTo("False");
        assertThat(ready.path("reason").asString()).isEqualTo("ReadinessGatesNotReady");
        assertThat(ready.path("message").asString())
                .isEqualTo("corresponding condition of pod readiness gate \"a/b\" does not exist.");
        assertThat(condition(status(pod, sandbox), "ContainersReady").path("status").asString())
                .isEqualTo("True");

        ObjectNode gate =
                pod.withObject("status").withArray("conditions").addObject().put("type", "a/b");
        gate.put("status", "False");
        assertThat(condition(status(pod, sandbox), "Ready").path("message").asString())
                .isEqualTo("the status of pod readiness gate \"a/b\" is not \"True\", but False");
        gate.put("status", "True");
        assertThat(ready(status(pod, sandbox))).isTrue();
        assertThat(condition(status(pod, sandbox), "Ready").path("status").asString())
                .isEqualTo("True");
    }

    /** Upstream's words, which its conformance tests ask for. */
    @Test
    void conditionsNameTheContainersTheyAreAbout() {
        ObjectNode pod = pod("{}");
        pod.withObject("metadata").put("generation", 3);
        pod.withObject("spec").put("restartPolicy", "Never");
        var init = pod.withObject("spec").withArray("initContainers");
        init.addObject().put("name", "one");
        init.addObject().put("name", "two");
        JsonNode waiting = condition(status(pod, Optional.empty()), "Initialized");
        assertThat(waiting.path("message").asString())
                .isEqualTo("containers with incomplete status: [one two]");
        assertThat(waiting.path("observedGeneration").asInt()).isEqualTo(3);

        ObjectNode failed = status(pod, sandbox(exited("one", 0, 0), exited("two", 0, 1)));
        assertThat(failed.path("phase").asString()).isEqualTo("Failed");
        assertThat(condition(failed, "Initialized").path("message").asString())
                .isEqualTo("containers with incomplete status: [two]");
        assertThat(condition(failed, "Ready").path("reason").asString()).isEqualTo("PodFailed");
        assertThat(condition(failed, "ContainersReady").path("reason").asString())
                .isEqualTo("PodFailed");
    }

    /** KEP-5307: who will run again by its own rules is not over, whatever the pod's policy. */
    @Test
    void aPodIsOverWhenNoContainerStartsAgain() {
        ObjectNode pod =
                pod(
                        "{\"restartPolicy\":\"Never\",\"restartPolicyRules\":[{\"action\":\"Restart\",\"exitCodes\":{\"operator\":\"NotIn\",\"values\":[0,1]}}]}");
        assertThat(status(pod, sandbox(exited("main", 0, 42))).path("phase").asString())
                .isEqualTo("Running");
        assertThat(status(pod, sandbox(exited("main", 0, 1))).path("phase").asString())
                .isEqualTo("Failed");
        assertThat(status(pod, sandbox(exited("main", 0, 0))).path("phase").asString())
                .isEqualTo("Succeeded");
    }

    /** KEP-1287: what it has stays in the status until it has what it was given. */
    @Test
    void whileAResizeIsUnderWayTheStatusShowsWhatThereIs() {
        ObjectNode pod =
                pod("{\"resources\":{\"requests\":{\"cpu\":\"2\"},\"limits\":{\"cpu\":\"2\"}}}");
        pod.set(
                "status",
                Json.parseObject(
                        "{\"containerStatuses\":[{\"name\":\"main\",\"resources\":{\"limits\":{\"cpu\":\"1\"}}}]}"
                                .getBytes(StandardCharsets.UTF_8)));
        memory.resize(PodMemory.Resize.UNDER_WAY);
        ObjectNode status = status(pod, sandbox(running("main", 0)));
        JsonNode container = status.path("containerStatuses").path(0);
        assertThat(container.at("/resources/limits/cpu").asString()).isEqualTo("1");
        assertThat(container.at("/allocatedResources/cpu").asString()).isEqualTo("2");
        assertThat(condition(status, "PodResizeInProgress").path("status").asString())
                .isEqualTo("True");

        memory.resize(PodMemory.Resize.NONE);
        pod.set("status", status);
        assertThat(status(pod, sandbox(running("main", 0))).path("conditions").toString())
                .doesNotContain("PodResize");
    }

    @Test
    void aContainerWithAReadinessProbeIsReadyWhenItHasSucceeded() {
        ObjectNode pod = pod("{\"readinessProbe\":{\"tcpSocket\":{\"port\":80}}}");
        Optional<SandboxView> sandbox = sandbox(running("main", 0));
        assertThat(ready(status(pod, sandbox))).isFalse();
        memory.setHealth("main-0", new Health(true, true));
        assertThat(ready(status(pod, sandbox))).isTrue();
    }

    @Test
    void aContainerThatWaitsShowsItsReasonAndItsLastEnd() {
        memory.waits("main", "CrashLoopBackOff", "back-off 10s");
        ObjectNode status = status(pod("{}"), sandbox(exited("main", 3, 1)));
        assertThat(waitingReason(status)).isEqualTo("CrashLoopBackOff");
        JsonNode container = status.path("containerStatuses").path(0);
        assertThat(container.path("restartCount").asInt()).isEqualTo(3);
        assertThat(container.path("lastState").path("terminated").path("exitCode").asInt())
                .isEqualTo(1);
        assertThat(status.path("phase").asString()).isEqualTo("Running");
    }

    @Test
    void withoutRestartsTheExitCodesDecideThePhase() {
        ObjectNode pod = pod("{}");
        ((ObjectNode) pod.get("spec")).put("restartPolicy", "Never");
        assertThat(status(pod, sandbox(exited("main", 0, 0))).path("phase").asString())
                .isEqualTo("Succeeded");
        assertThat(status(pod, sandbox(exited("main", 0, 2))).path("phase").asString())
                .isEqualTo("Failed");
    }

    @Test
    void anInitContainerHoldsTheOthersBack() {
        ObjectNode pod = pod("{}");
        ((ObjectNode) pod.get("spec"))
                .putArray("initContainers")
                .addObject()
                .put("name", "init")
                .put("image", "i");
        ObjectNode status = status(pod, sandbox(running("init", 0)));
        assertThat(status.path("phase").asString()).isEqualTo("Pending");
        assertThat(waitingReason(status)).isEqualTo("PodInitializing");
        assertThat(condition(status, "Initialized").path("status").asString()).isEqualTo("False");
    }

    @Test
    void aSidecarIsReadyWhileItRunsAndItsReadinessIsThePods() {
        ObjectNode pod = pod("{}");
        ((ObjectNode) pod.get("spec"))
                .putArray("initContainers")
                .addObject()
                .put("name", "proxy")
                .put("image", "i")
                .put("restartPolicy", "Always");
        ObjectNode up = status(pod, sandbox(running("proxy", 0), running("main", 0)));
        assertThat(up.path("initContainerStatuses").path(0).path("ready").asBoolean()).isTrue();
        assertThat(condition(up, "Ready").path("status").asString()).isEqualTo("True");
        ObjectNode down = status(pod, sandbox(exited("proxy", 0, 1), running("main", 0)));
        assertThat(condition(down, "Initialized").path("status").asString()).isEqualTo("True");
        assertThat(condition(down, "Ready").path("message").asString())
                .isEqualTo("containers with unready status: [proxy]");
        assertThat(down.path("phase").asString()).isEqualTo("Running");
    }

    @Test
    void aConditionThatStaysKeepsItsTimeAndThoseOfOthersAreKept() {
        ObjectNode pod = pod("{}");
        pod.set("status", status(pod, sandbox(running("main", 0))));
        pod.withObject("status")
                .withArray("conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True");
        ObjectNode later =
                builder.build(
                        pod,
                        sandbox(running("main", 0)),
                        List.of("10.0.0.3"),
                        memory,
                        NOW.plusSeconds(60));
        assertThat(condition(later, "Ready").path("lastTransitionTime").asString())
                .isEqualTo("2026-01-02T03:04:05Z");
        assertThat(condition(later, "PodScheduled").path("status").asString()).isEqualTo("True");
    }

    private ObjectNode status(ObjectNode pod, Optional<SandboxView> sandbox) {
        return builder.build(pod, sandbox, List.of("10.0.0.3", "fd00::3"), memory, NOW);
    }

    private static boolean ready(ObjectNode status) {
        return status.path("containerStatuses").path(0).path("ready").asBoolean();
    }

    private static String waitingReason(ObjectNode status) {
        return status.path("containerStatuses")
                .path(0)
                .path("state")
                .path("waiting")
                .path("reason")
                .asString("");
    }

    private static JsonNode condition(ObjectNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError("no condition " + type + " in " + status);
    }

    /** A pod with one container, {@code main}, that also has these fields. */
    private static ObjectNode pod(String moreOfContainer) {
        ObjectNode pod =
                tree(
                        "{\"metadata\":{\"name\":\"a\",\"namespace\":\"web\",\"uid\":\"u\"},"
                                + "\"spec\":{\"restartPolicy\":\"Always\",\"containers\":[]}}");
        ObjectNode container = tree(moreOfContainer);
        container.put("name", "main").put("image", "i");
        pod.withObject("spec").withArray("containers").add(container);
        return pod;
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<SandboxView> sandbox(ContainerView... containers) {
        return Optional.of(
                new SandboxView("s", KEY, "u", 0, true, false, NOW, List.of(containers)));
    }

    private static ContainerView running(String name, int attempt) {
        return view(name, attempt, Phase.RUNNING, 0);
    }

    private static ContainerView exited(String name, int attempt, int code) {
        return view(name, attempt, Phase.EXITED, code);
    }

    private static ContainerView view(String name, int attempt, Phase phase, int code) {
        return new ContainerView(
                name + "-" + attempt,
                name,
                attempt,
                phase,
                NOW,
                NOW,
                NOW,
                code,
                "",
                "",
                "i",
                "",
                "",
                LinuxContainerResources.getDefaultInstance());
    }
}
