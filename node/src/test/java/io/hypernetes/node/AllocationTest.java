package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.node.PodMemory.Waiting;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** KEP-1287: who gets what they ask for, and what is told. A node of 4 processors and 1 GiB. */
class AllocationTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey KEY = new ObjectKey(ACME, "web", "a");
    private static final long GIB = 1L << 30;

    private final MemoryClient client = new MemoryClient();
    private final List<ObjectNode> pods = new ArrayList<>();
    private final PodMemory memory = new PodMemory();
    private final Allocation allocation =
            new Allocation(
                    "node",
                    new Capacity(4000, 2 * GIB, GIB, GIB, 10),
                    () -> pods,
                    new EventRecorder(client, BuiltinTypes.EVENTS, "node-agent", Clock.systemUTC()),
                    true);

    private static ObjectNode pod(String name, String asked, String given) {
        return Json.parseObject(
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","namespace":"web","uid":"%1$s","generation":2},
                 "spec":{"nodeName":"node","containers":[{"name":"main","resources":{"requests":%2$s,"limits":%2$s}}]},
                 "status":{"containerStatuses":[{"name":"main","resources":{"requests":%3$s,"limits":%3$s},"allocatedResources":%3$s}]}}
                """
                        .formatted(name, asked, given)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private String cpu(ObjectNode pod) {
        return allocation
                .given(KEY, pod, memory)
                .at("/spec/containers/0/resources/limits/cpu")
                .asString();
    }

    private List<String> events() {
        List<String> texts = new ArrayList<>();
        client.list(BuiltinTypes.EVENTS, Selection.of(ACME, "web"))
                .items()
                .forEach(item -> {
                    ObjectNode event = item.object();
                    texts.add(
                            event.path("reason").asString()
                                    + " "
                                    + event.path("message").asString());
                });
        return texts;
    }

    @Test
    void whatFitsIsGivenAtOnceAndToldWhenItIsDone() {
        assertThat(cpu(pod("a", "{\"cpu\":\"3\"}", "{\"cpu\":\"1\"}"))).isEqualTo("3");
        assertThat(memory.resize()).isEqualTo(PodMemory.Resize.UNDER_WAY);
        assertThat(cpu(pod("a", "{\"cpu\":\"3\"}", "{\"cpu\":\"3000m\"}"))).isEqualTo("3");
        assertThat(memory.resize()).isEqualTo(PodMemory.Resize.NONE);
        assertThat(events())
                .anyMatch(text -> text.startsWith("ResizeStarted Pod resize started: {"))
                .anyMatch(text -> text.startsWith("ResizeCompleted Pod resize completed: {"))
                .allMatch(text -> text.contains("\"generation\":2"));
    }

    @Test
    void whatTheNodeNeverHasIsInfeasibleAndThePodKeepsWhatItHad() {
        assertThat(cpu(pod("a", "{\"cpu\":\"5\"}", "{\"cpu\":\"1\"}"))).isEqualTo("1");
        assertThat(memory.resize().pending())
                .contains(
                        new Waiting(
                                "Infeasible",
                                "Node didn't have enough capacity: cpu, requested: 5000, capacity:"
                                        + " 4000"));
        assertThat(events())
                .anyMatch(text -> text.startsWith("ResizeInfeasible Pod resize Infeasible: "));
    }

    /** What another pod has been given counts, also when it asks for less since. */
    @Test
    void whatOthersHaveIsWaitedFor() {
        ObjectNode other = pod("b", "{\"cpu\":\"1\"}", "{\"cpu\":\"2\"}");
        pods.add(other);
        ObjectNode wanted = pod("a", "{\"cpu\":\"3\"}", "{\"cpu\":\"1\"}");
        pods.add(wanted);
        assertThat(cpu(wanted)).isEqualTo("1");
        assertThat(memory.resize().pending())
                .contains(
                        new Waiting(
                                "Deferred",
                                "Node didn't have enough resource: cpu, requested: 3000, used:"
                                        + " 2000, capacity: 4000"));
        pods.remove(other);
        assertThat(cpu(wanted)).isEqualTo("3");
        assertThat(Metadata.name(wanted)).isEqualTo("a");
    }

    @Test
    void memoryIsLookedAtToo() {
        String much = "{\"cpu\":\"1\",\"memory\":\"2Gi\"}";
        ObjectNode given =
                allocation.given(
                        KEY, pod("a", much, "{\"cpu\":\"1\",\"memory\":\"64Mi\"}"), memory);
        assertThat(given.at("/spec/containers/0/resources/requests/memory").asString())
                .isEqualTo("64Mi");
        assertThat(memory.resize().pending().map(Waiting::message))
                .contains(
                        "Node didn't have enough capacity: memory, requested: 2147483648, capacity:"
                                + " 1073741824");
    }
}
