package io.hypernetes.server;

import static io.hypernetes.server.TestUsers.OPERATOR;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** An object that was read back looks as a kube-apiserver 1.36.2 shows it, found beside one. */
class ReadBackIT {
    private static final String NAMESPACE = "/api/v1/namespaces/default/";
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode sent(String method, String path, String body, int code) {
        HttpResponse<String> response =
                server.send(OPERATOR, method, path, body.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        return (ObjectNode) Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode created(String path, String body) {
        return sent("POST", path, body, 201);
    }

    private static String owned(JsonNode object) {
        return object.at("/metadata/managedFields")
                .valueStream()
                .map(entry -> entry.path("fieldsV1").toString())
                .collect(Collectors.joining());
    }

    @Test
    void whatGoAlwaysWritesIsNullOrZero() {
        String events = NAMESPACE + "events";
        String body =
                "{'metadata':{'name':'e','namespace':'default'},'involvedObject':{'namespace':'default'}}";
        created(events, body);
        ObjectNode event = sent("GET", events + "/e", "", 200);
        assertThat(event.get("eventTime").isNull()).isTrue();
        assertThat(event.get("lastTimestamp").isNull()).isTrue();
        assertThat(event.get("source")).isEqualTo(Json.object());
        assertThat(event.path("reportingComponent").asString("-")).isEmpty();
        assertThat(owned(event)).doesNotContain("eventTime", "source", "reporting");
        JsonNode newer = sent("GET", "/apis/events.k8s.io/v1/namespaces/default/events/e", "", 200);
        assertThat(newer.get("deprecatedLastTimestamp").isNull()).isTrue();
        assertThat(newer.has("reportingController")).isFalse();
        // Whoever leaves out what is null changes nothing.
        ObjectNode same = sent("PUT", events + "/e", body, 200);
        assertThat(same.at("/metadata/resourceVersion"))
                .isEqualTo(event.at("/metadata/resourceVersion"));
        JsonNode dry =
                created(
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles?dryRun=All",
                        "{'metadata':{'name':'r'}}");
        assertThat(dry.get("rules").isNull()).isTrue();
    }

    @Test
    void whatHasAStatusHasItFromTheStart() {
        JsonNode attachment =
                created(
                        "/apis/storage.k8s.io/v1/volumeattachments",
                        "{'metadata':{'name':'a'},'spec':{'attacher':'a','nodeName':'n','source':"
                                + "{'persistentVolumeName':'v'}}}");
        assertThat(attachment.path("status").toString()).isEqualTo("{\"attached\":false}");
        JsonNode node =
                created(
                        "/api/v1/nodes",
                        "{'metadata':{'name':'n'},'spec':{'podCIDR':'10.1.0.0/24'}}");
        assertThat(node.at("/status/daemonEndpoints/kubeletEndpoint/Port").asInt(-1)).isZero();
        assertThat(node.at("/status/nodeInfo/osImage").asString("-")).isEmpty();
        assertThat(node.at("/spec/podCIDRs").toString()).isEqualTo("[\"10.1.0.0/24\"]");
    }

    @Test
    void aChangeIsAGenerationWhereItIsUpstream() {
        String slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
        String slice = "{'metadata':{'name':'s'%s},'addressType':'IPv4','endpoints':[],'ports':[]}";
        created(slices, slice.formatted(""));
        ObjectNode labelled =
                sent("PUT", slices + "/s", slice.formatted(",'labels':{'a':'b'}"), 200);
        assertThat(labelled.at("/metadata/generation").asInt()).isEqualTo(2);
        String drivers = "/apis/storage.k8s.io/v1/csidrivers";
        ObjectNode made = created(drivers, "{'metadata':{'name':'d'}}");
        assertThat(made.path("metadata").has("generation")).isFalse();
        ((ObjectNode) made.path("spec")).put("requiresRepublish", true);
        ObjectNode changed = sent("PUT", drivers + "/d", made.toString(), 200);
        assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void whatTheServerSetsIsNobodys() {
        created(NAMESPACE + "serviceaccounts", "{'metadata':{'name':'default'}}");
        JsonNode pod =
                created(
                        NAMESPACE + "pods",
                        "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i'}],"
                                + "'schedulingGates':[{'name':'g'}]}}");
        assertThat(pod.at("/spec/priority").asInt(-1)).isZero();
        assertThat(owned(pod)).contains("f:containers").doesNotContain("riority", "preemption");
        assertThat(pod.at("/status/conditions/0/lastTransitionTime").asString("")).endsWith("Z");
        ObjectNode changed = (ObjectNode) pod.deepCopy();
        ((ObjectNode) changed.path("spec")).remove(List.of("priority", "preemptionPolicy"));
        JsonNode kept = sent("PUT", NAMESPACE + "pods/p", changed.toString(), 200);
        assertThat(kept.path("spec")).isEqualTo(pod.path("spec"));
        JsonNode job =
                created(
                        "/apis/batch/v1/namespaces/default/jobs",
                        "{'metadata':{'name':'j'},'spec':{'template':{'spec':{'restartPolicy':"
                                + "'Never','containers':[{'name':'c','image':'i'}]}}}}");
        assertThat(owned(job)).contains("f:manualSelector");
        JsonNode scaler =
                created(
                        "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers",
                        "{'metadata':{'name':'h'},'spec':{'maxReplicas':3,'scaleTargetRef':"
                                + "{'apiVersion':'apps/v1','kind':'Deployment','name':'d'}}}");
        assertThat(scaler.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(80);
    }
}
