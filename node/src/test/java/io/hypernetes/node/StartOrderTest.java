package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.core.RestartPolicy;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.node.SandboxView.ContainerView;
import io.hypernetes.node.SandboxView.Phase;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** KEP-753: init containers, sidecars, and the others. */
class StartOrderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String SPEC =
            "{'restartPolicy':'%s','initContainers':[{'name':'first'},{'name':'proxy','restartPolicy':'Always'%s},{'name':'second'}],'containers':[{'name':'main'}]}";

    private final PodMemory memory = new PodMemory();

    private static JsonNode spec(String policy, String sidecar) {
        return Json.parseObject(
                SPEC.formatted(policy, sidecar)
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static ContainerView run(String name, Phase phase, int code) {
        return new ContainerView(
                name,
                name,
                0,
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

    /** {@code NAME:POLICY} of those that may run. */
    private List<String> allowed(JsonNode spec, ContainerView... runs) {
        SandboxView sandbox =
                new SandboxView(
                        "s",
                        new ObjectKey(new Tenant("acme"), "web", "a"),
                        "u",
                        0,
                        true,
                        false,
                        NOW,
                        List.of(runs));
        return StartOrder.of(spec, sandbox, memory).allowed().stream()
                .map(turn -> turn.container().path("name").asString() + ":" + turn.policy())
                .toList();
    }

    @Test
    void oneAfterTheOtherAndASidecarBeforeWhatComesAfterIt() {
        JsonNode spec = spec("Always", "");
        ContainerView first = run("first", Phase.EXITED, 0);
        ContainerView proxy = run("proxy", Phase.RUNNING, 0);
        assertThat(allowed(spec)).containsExactly("first:OnFailure");
        assertThat(allowed(spec, run("first", Phase.EXITED, 1))).containsExactly("first:OnFailure");
        assertThat(allowed(spec, first)).containsExactly("proxy:Always");
        assertThat(allowed(spec, first, proxy)).containsExactly("proxy:Always", "second:OnFailure");
        assertThat(allowed(spec, first, proxy, run("second", Phase.EXITED, 0)))
                .containsExactly("proxy:Always", "main:Always");
    }

    @Test
    void aSidecarHasStartedWhenItsStartupProbeSaysSo() {
        JsonNode spec = spec("Always", ",'startupProbe':{'tcpSocket':{'port':80}}");
        ContainerView first = run("first", Phase.EXITED, 0);
        ContainerView proxy = run("proxy", Phase.RUNNING, 0);
        assertThat(allowed(spec, first, proxy)).containsExactly("proxy:Always");
        memory.setHealth("proxy", new PodMemory.Health(true, false));
        assertThat(allowed(spec, first, proxy)).containsExactly("proxy:Always", "second:OnFailure");
    }

    @Test
    void onceThePodRunsALostSidecarComesBackBesideTheOthers() {
        assertThat(
                        allowed(
                                spec("Always", ""),
                                run("first", Phase.EXITED, 0),
                                run("proxy", Phase.EXITED, 1),
                                run("second", Phase.EXITED, 0),
                                run("main", Phase.EXITED, 1)))
                .containsExactly("proxy:Always", "main:Always");
    }

    @Test
    void sidecarsDoNotOutliveThePodsWork() {
        assertThat(
                        allowed(
                                spec("OnFailure", ""),
                                run("proxy", Phase.EXITED, 137),
                                run("main", Phase.EXITED, 0)))
                .containsExactly("main:OnFailure");
        assertThat(
                        allowed(
                                spec("OnFailure", ""),
                                run("proxy", Phase.EXITED, 137),
                                run("main", Phase.EXITED, 3)))
                .containsExactly("proxy:Always", "main:OnFailure");
    }

    /** KEP-5307: a container's own policy and its rules come before the pod's. */
    @Test
    void aContainersOwnRestartsCount() {
        String rules =
                ",'restartPolicy':'Never','restartPolicyRules':[{'action':'Restart','exitCodes':{'operator':'In','values':[42]}}]";
        JsonNode spec =
                Json.parseObject(
                        "{'restartPolicy':'OnFailure','initContainers':[{'name':'first','restartPolicy':'Never'},{'name':'proxy','restartPolicy':'Always'}],'containers':[{'name':'main'%s}]}"
                                .formatted(rules)
                                .replace('\'', '"')
                                .getBytes(StandardCharsets.UTF_8));
        ContainerView first = run("first", Phase.EXITED, 0);
        ContainerView proxy = run("proxy", Phase.RUNNING, 0);
        JsonNode main = spec.path("containers").path(0);
        assertThat(allowed(spec)).containsExactly("first:Never");
        assertThat(allowed(spec, first, proxy)).containsExactly("proxy:Always", "main:Never");
        assertThat(allowed(spec, first, proxy, run("main", Phase.EXITED, 42)))
                .containsExactly("proxy:Always", "main:Never");
        assertThat(allowed(spec, first, proxy, run("main", Phase.EXITED, 1)))
                .containsExactly("main:Never");
        assertThat(RestartPolicy.restarts(main, "Never", 42)).isTrue();
        assertThat(RestartPolicy.restarts(main, "Never", 1)).isFalse();
        assertThat(RestartPolicy.restartsAll(main, 42)).isFalse();
    }

    @Test
    void aPauseEndsWithTheGracePeriod() {
        long start = System.nanoTime();
        assertThat(LifecycleHooks.sleep(Duration.ofHours(1), Duration.ofMillis(50))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(50), Duration.ofMinutes(1));
    }
}
