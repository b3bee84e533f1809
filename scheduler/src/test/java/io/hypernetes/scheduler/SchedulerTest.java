package io.hypernetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.scheduler.cluster.PodView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;

class SchedulerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final BindingClient client = new BindingClient(new MemoryClient());
    private final SchedulerMirrors mirrors = SchedulerMirrors.of(client);
    private final Scheduler scheduler =
            new Scheduler(client, mirrors, new VmOverhead(0, 0), Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        scheduler.close();
        mirrors.close();
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void node(String name, int memory) {
        client.create(
                BuiltinTypes.NODES,
                Tenant.SYSTEM,
                tree(
                        "{'metadata':{'name':'%s'},'status':{'allocatable':{'cpu':'8','memory':'%d','pods':'50'},'conditions':[{'type':'Ready','status':'True'}]}}"
                                .formatted(name, memory)));
    }

    private ObjectKey pod(Tenant tenant, String name, int memory, String more) {
        client.create(
                BuiltinTypes.PODS,
                tenant,
                tree(
                        "{'metadata':{'name':'%s','namespace':'web'},'spec':{'containers':[{'resources':{'requests':{'memory':'%d'}}}]%s},'status':{'phase':'Pending'}}"
                                .formatted(name, memory, more)));
        return new ObjectKey(tenant, "web", name);
    }

    private String nodeOf(ObjectKey pod) {
        return PodView.nodeOf(client.get(BuiltinTypes.PODS, pod));
    }

    private String condition(ObjectKey pod) {
        JsonNode conditions = client.get(BuiltinTypes.PODS, pod).path("status").path("conditions");
        return conditions.isEmpty()
                ? ""
                : conditions.path(0).path("status").asString("")
                        + " "
                        + conditions.path(0).path("reason").asString("")
                        + " "
                        + conditions.path(0).path("message").asString("");
    }

    private List<String> events(Tenant tenant) {
        return client.list(BuiltinTypes.EVENTS, Selection.of(tenant)).items().stream()
                .map(item -> item.object())
                .map(e -> e.path("reason").asString() + ": " + e.path("message").asString())
                .toList();
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 6000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void podsOfAllTenantsAreBoundToTheOperatorsNodes() throws InterruptedException {
        node("n1", 1000);
        ObjectKey a = pod(ACME, "a", 100, "");
        ObjectKey b = pod(GLOBEX, "a", 100, "");
        eventually(() -> nodeOf(a).equals("n1") && nodeOf(b).equals("n1"));
        eventually(() -> events(ACME).contains("Scheduled: Successfully assigned web/a to n1"));
    }

    @Test
    void aPodThatFitsNowhereSaysWhyAndIsBoundOnceThereIsRoom() throws InterruptedException {
        node("n1", 1000);
        ObjectKey first = pod(ACME, "first", 800, "");
        eventually(() -> nodeOf(first).equals("n1"));
        ObjectKey second = pod(ACME, "second", 800, "");
        String message =
                "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are"
                        + " available: 1 No preemption victims found for incoming pod.";
        eventually(() -> condition(second).equals("False Unschedulable " + message));
        eventually(() -> events(ACME).contains("FailedScheduling: " + message));
        client.delete(BuiltinTypes.PODS, first, DeleteOptions.NOW);
        eventually(() -> nodeOf(second).equals("n1"));
    }

    @Test
    void aNewNodeTakesWhatWaited() throws InterruptedException {
        ObjectKey pod = pod(ACME, "a", 800, "");
        eventually(() -> condition(pod).contains("no nodes available to schedule pods"));
        node("n1", 1000);
        eventually(() -> nodeOf(pod).equals("n1"));
    }

    @Test
    void manyPodsAtOnceNeverOverfillANode() throws InterruptedException {
        for (int i = 0; i < 40; i++) {
            pod(ACME, "p" + i, 100, "");
        }
        node("n1", 1000);
        node("n2", 500);
        eventually(() -> count("n1") + count("n2") == 15);
        assertThat(count("n1")).isEqualTo(10);
        assertThat(count("n2")).isEqualTo(5);
    }

    private long count(String node) {
        return client.list(BuiltinTypes.PODS, Selection.of(ACME)).items().stream()
                .filter(item -> PodView.nodeOf(item.object()).equals(node))
                .count();
    }

    @Test
    void podsOfOtherSchedulersAndGatedOnesAreLeftAlone() throws InterruptedException {
        node("n1", 1000);
        ObjectKey other = pod(ACME, "other", 1, ",'schedulerName':'mine'");
        ObjectKey gated = pod(ACME, "gated", 1, ",'schedulingGates':[{'name':'g'}]");
        ObjectKey ours = pod(ACME, "ours", 1, ",'schedulerName':'default-scheduler'");
        eventually(() -> nodeOf(ours).equals("n1"));
        assertThat(nodeOf(other)).isEmpty();
        assertThat(nodeOf(gated)).isEmpty();
    }

    @Test
    void theMoreImportantPodTakesTheRoomOfItsTenantsOthers() throws InterruptedException {
        node("n1", 1000);
        ObjectKey small = pod(ACME, "small", 800, ",'priority':1");
        eventually(() -> nodeOf(small).equals("n1"));
        ObjectKey foreign = pod(GLOBEX, "great", 800, ",'priority':1000");
        eventually(() -> condition(foreign).contains("No preemption victims found"));
        ObjectKey great = pod(ACME, "great", 800, ",'priority':10");
        eventually(() -> client.find(BuiltinTypes.PODS, small).filter(p -> !isGoing(p)).isEmpty());
        eventually(() ->
                events(ACME).stream().anyMatch(e -> e.startsWith("Preempted: Preempted by pod")));
        client.memory().delete(BuiltinTypes.PODS, small, DeleteOptions.NOW);
        eventually(() -> nodeOf(great).equals("n1"));
        assertThat(nodeOf(foreign)).isEmpty();
    }

    private static boolean isGoing(ObjectNode pod) {
        return pod.path("metadata").has("deletionTimestamp");
    }

    @Test
    void aPodWaitsForItsClaim() throws InterruptedException {
        node("n1", 1000);
        ObjectKey pod =
                pod(
                        ACME,
                        "a",
                        1,
                        ",'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'c'}}]");
        eventually(() -> condition(pod).contains("persistentvolumeclaim \"c\" not found"));
        client.create(
                BuiltinTypes.PERSISTENT_VOLUMES, ACME, tree("{'metadata':{'name':'v'},'spec':{}}"));
        client.create(
                BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                ACME,
                tree(
                        "{'metadata':{'name':'c','namespace':'web'},'spec':{'volumeName':'v'},'status':{'phase':'Bound'}}"));
        eventually(() -> nodeOf(pod).equals("n1"));
    }

    @Test
    void aPodWaitsForItsDevices() throws InterruptedException {
        node("n1", 1000);
        ObjectKey pod =
                pod(
                        ACME,
                        "a",
                        1,
                        ",'resourceClaims':[{'name':'gpu','resourceClaimTemplateName':'t'}]");
        eventually(() -> condition(pod).contains("waiting for the resource claim"));
        eventually(() -> {
            ObjectNode told = client.get(BuiltinTypes.PODS, pod);
            told.withObject("status")
                    .withArrayProperty("resourceClaimStatuses")
                    .addObject()
                    .put("name", "gpu")
                    .put("resourceClaimName", "a-gpu");
            try {
                client.updateStatus(BuiltinTypes.PODS, ACME, told);
                return true;
            } catch (ApiException e) {
                return false; // the scheduler tells of it at the same time
            }
        });
        eventually(() -> condition(pod).contains("resourceclaim \"a-gpu\" not found"));
        client.create(
                BuiltinTypes.RESOURCE_CLAIMS,
                ACME,
                tree("{'metadata':{'name':'a-gpu','namespace':'web'},'status':{'allocation':{}}}"));
        eventually(() -> nodeOf(pod).equals("n1"));
    }
}
