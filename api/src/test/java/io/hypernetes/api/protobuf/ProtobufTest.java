package io.hypernetes.api.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.api.types.BuiltinTypes;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Admissionregistration;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Flowcontrol;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Resource;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The encoder against the decoder, and both against the messages of the official Java client. */
class ProtobufTest {
    private static final Schemas SCHEMAS = Schemas.kubernetes();
    private static final WireFields FIELDS = new WireFields();
    private static final ProtobufEncoder ENCODER = new ProtobufEncoder(SCHEMAS, FIELDS);
    private static final ProtobufDecoder DECODER = new ProtobufDecoder(SCHEMAS, FIELDS);

    /** By the name of the definition. */
    private static final Map<String, Descriptor> OFFICIAL = official();

    private static Map<String, Descriptor> official() {
        List<FileDescriptor> files =
                List.of(
                        Meta.getDescriptor(),
                        V1.getDescriptor(),
                        V1Admissionregistration.getDescriptor(),
                        V1Apiextensions.getDescriptor(),
                        V1Apps.getDescriptor(),
                        V1Autoscaling.getDescriptor(),
                        V1Batch.getDescriptor(),
                        V1Certificates.getDescriptor(),
                        V1Coordination.getDescriptor(),
                        V1Discovery.getDescriptor(),
                        V1Events.getDescriptor(),
                        V1Flowcontrol.getDescriptor(),
                        V1Networking.getDescriptor(),
                        V1Node.getDescriptor(),
                        V1Policy.getDescriptor(),
                        V1Rbac.getDescriptor(),
                        V1Resource.getDescriptor(),
                        V1Scheduling.getDescriptor(),
                        V1Storage.getDescriptor(),
                        V2Autoscaling.getDescriptor());
        Map<String, Descriptor> messages = new HashMap<>();
        files.forEach(file ->
                file.getMessageTypes()
                        .forEach(message ->
                                messages.put(
                                        message.getFullName()
                                                .replace("k8s.io.", "io.k8s.")
                                                .replace('_', '-'),
                                        message)));
        return messages;
    }

    private static GroupVersionKind kind(ResourceType type) {
        return GroupVersionKind.of(type.apiVersion(), type.kind());
    }

    private static List<ResourceType> builtin() {
        return BuiltinTypes.ALL.stream().filter(ProtobufTest::isKubernetes).toList();
    }

    /** Neither ours nor a version that is only read for old manifests and has no schema. */
    private static boolean isKubernetes(ResourceType type) {
        return !type.id().group().equals("hypernetes.io")
                && !type.id().group().equals("extensions")
                && !type.apiVersion().contains("/v1alpha1")
                && !type.apiVersion().contains("rbac.authorization.k8s.io/v1beta1");
    }

    private static ObjectNode random(ResourceType type, long seed) {
        ObjectNode object =
                Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
        String definition = Envelope.definition(kind(type));
        object.setAll(new RandomObjects(seed).of(SCHEMAS.struct(definition), 0));
        // Ours beside Kubernetes' own fields: its messages have no place for it.
        if (type.equals(BuiltinTypes.NAMESPACES) && object.get("spec") instanceof ObjectNode spec) {
            spec.remove("network");
        }
        // What an object inside another is, protobuf tells by its place alone.
        for (JsonNode claim : object.path("spec").path("volumeClaimTemplates")) {
            if (claim instanceof ObjectNode template) {
                template.remove(List.of("apiVersion", "kind"));
            }
        }
        return object;
    }

    @Test
    void everyKindOfKubernetesHasAMessageAndOursHaveNone() {
        for (ResourceType type : BuiltinTypes.ALL) {
            assertThat(ENCODER.knows(kind(type))).as(type.toString()).isEqualTo(isKubernetes(type));
        }
        for (ResourceType type : builtin()) {
            assertThat(new BuiltinSchema(Envelope.definition(kind(type)))).isEqualTo(type.schema());
        }
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void whatIsWrittenIsReadBack(@ForAll long seed) {
        for (ResourceType type : builtin()) {
            ObjectNode object = random(type, seed);
            ObjectNode read = DECODER.decode(ENCODER.object(object));
            assertThat(difference("", object, read)).as(type.toString()).isEmpty();
        }
    }

    /** What is a pointer in Go is there because somebody wrote it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: coordination.k8s.io/v1, kind: Lease, spec: {leaseTransitions: 0,"
                        + " holderIdentity: ''}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 0, strategy:"
                        + " {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}}}",
                "{apiVersion: batch/v1, kind: Job, spec: {suspend: false, activeDeadlineSeconds:"
                        + " 0}}",
                "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, spec: {attachRequired: false}}",
                "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, ports: [{name: ''}]}",
                "{apiVersion: v1, kind: Pod, spec: {priority: 0, containers: [{name: a,"
                        + " restartPolicy: ''}]}}",
            })
    void aZeroThatSomebodyWroteIsKept(String yaml) {
        ObjectNode object = Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)).tree();
        assertThat(difference("", object, DECODER.decode(ENCODER.object(object)))).isEmpty();
    }

    /** What is no pointer is written by Go whatever it holds. */
    @Test
    void aZeroThatOnlyGoWroteIsDropped() {
        ObjectNode object =
                Yaml.parse(
                                """
                                apiVersion: v1
                                kind: Service
                                spec: {clusterIP: '', ports: [{name: '', port: 80, targetPort: 0}]}
                                """
                                        .getBytes(StandardCharsets.UTF_8))
                        .tree();
        assertThat(DECODER.decode(ENCODER.object(object)).path("spec"))
                .isEqualTo(
                        Json.parse(
                                "{\"ports\": [{\"port\": 80}]}".getBytes(StandardCharsets.UTF_8)));
    }

    /** Where two trees differ first; empty when they do not. */
    private static String difference(String path, JsonNode a, JsonNode b) {
        if (Json.same(a, b)) {
            return "";
        }
        if (a.isObject() && b.isObject()) {
            for (String name : a.propertyNames()) {
                String inner = difference(path + "." + name, a.path(name), b.path(name));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
        }
        if (a.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                String inner = difference(path + "[" + i + "]", a.path(i), b.path(i));
                if (!inner.isEmpty()) {
                    return inner;
                }
            }
        }
        return path + ": " + a + " becomes " + b;
    }

    /** Every byte that we write is a field that the official messages know, in the same form. */
    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void theOfficialMessagesHoldAllThatIsWritten(@ForAll long seed) throws IOException {
        for (ResourceType type : builtin()) {
            Descriptor descriptor = OFFICIAL.get(Envelope.definition(kind(type)));
            if (descriptor == null) {
                assertThat(type.id().group()).isEqualTo("apiregistration.k8s.io");
                continue;
            }
            byte[] message = ENCODER.message(kind(type), random(type, seed));
            Message parsed = DynamicMessage.parseFrom(descriptor, message);
            checkKnown(parsed);
            assertThat(parsed.toByteArray()).as(type.toString()).hasSameSizeAs(message);
        }
    }

    private static void checkKnown(Message message) {
        assertThat(message.getUnknownFields().asMap())
                .as(message.getDescriptorForType().getFullName())
                .isEmpty();
        message.getAllFields()
                .values()
                .forEach(value -> {
                    switch (value) {
                        case Message inner -> checkKnown(inner);
                        case List<?> list ->
                                list.stream()
                                        .filter(Message.class::isInstance)
                                        .forEach(inner -> checkKnown((Message) inner));
                        default -> {}
                    }
                });
    }

    private static ObjectNode pod() {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata").put("name", "p").put("generation", 3);
        metadata.putObject("labels").put("b", "2").put("a", "1");
        metadata.put("creationTimestamp", "2026-01-02T03:04:05Z");
        ObjectNode spec = pod.putObject("spec").put("terminationGracePeriodSeconds", 0);
        spec.put("enableServiceLinks", false);
        ObjectNode container = spec.putArray("containers").addObject().put("name", "c");
        container.putObject("resources").putObject("limits").put("memory", "1Gi");
        container
                .putObject("livenessProbe")
                .putObject("httpGet")
                .put("port", "web")
                .put("path", "/");
        spec.putArray("volumes").addObject().put("name", "v").putObject("emptyDir");
        return pod;
    }

    @Test
    void theOfficialClientReadsAPod() throws IOException {
        byte[] body = ENCODER.object(pod());
        Unknown unknown = Unknown.parseFrom(Arrays.copyOfRange(body, 4, body.length));
        assertThat(unknown.getTypeMeta().getKind()).isEqualTo("Pod");
        assertThat(unknown.getTypeMeta().getApiVersion()).isEqualTo("v1");
        V1.Pod pod = V1.Pod.parseFrom(unknown.getRaw());
        assertThat(pod.getMetadata().getLabelsMap()).containsEntry("a", "1").hasSize(2);
        assertThat(pod.getMetadata().getCreationTimestamp().getSeconds()).isEqualTo(1767323045);
        assertThat(pod.getSpec().hasTerminationGracePeriodSeconds()).isTrue();
        assertThat(pod.getSpec().hasEnableServiceLinks()).isTrue();
        assertThat(pod.getSpec().hasPriority()).isFalse();
        V1.Container container = pod.getSpec().getContainers(0);
        assertThat(container.getResources().getLimitsOrThrow("memory").getString())
                .isEqualTo("1Gi");
        assertThat(container.getLivenessProbe().getHandler().getHttpGet().getPort().getStrVal())
                .isEqualTo("web");
        assertThat(pod.getSpec().getVolumes(0).getVolumeSource().hasEmptyDir()).isTrue();
    }

    @Test
    void theOfficialClientReadsAListAndAnEvent() throws IOException {
        byte[] item = ENCODER.message(GroupVersionKind.of("v1", "Pod"), pod());
        ObjectNode metadata = Json.object().put("resourceVersion", "7").put("continue", "on");
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (byte[] chunk :
                Envelope.list("v1", "PodList", ENCODER.listMeta(metadata), List.of(item, item))) {
            list.write(chunk);
        }
        byte[] body = list.toByteArray();
        Unknown unknown = Unknown.parseFrom(Arrays.copyOfRange(body, 4, body.length));
        V1.PodList pods = V1.PodList.parseFrom(unknown.getRaw());
        assertThat(pods.getItemsList()).hasSize(2);
        assertThat(pods.getMetadata().getResourceVersion()).isEqualTo("7");

        byte[] frame = Envelope.event("ADDED", ENCODER.object(pod()));
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame));
        assertThat(in.readInt()).isEqualTo(frame.length - 4);
        Meta.WatchEvent event = Meta.WatchEvent.parseFrom(in.readAllBytes());
        assertThat(event.getType()).isEqualTo("ADDED");
        assertThat(event.getObject().getRaw().toByteArray()).isEqualTo(ENCODER.object(pod()));
    }

    /** Whatever bytes come: an object or BadRequest. */
    @Property(tries = 300)
    void noBytesBreakTheDecoder(@ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        byte[] body = ENCODER.object(pod());
        for (int i = random.nextInt(6); i >= 0; i--) {
            body[4 + random.nextInt(body.length - 4)] = (byte) random.nextInt(256);
        }
        byte[] cut = Arrays.copyOf(body, body.length - random.nextInt(20));
        try {
            DECODER.decode(cut);
        } catch (ApiException e) {
            assertThat(e.status().code()).isEqualTo(400);
        }
    }
}
