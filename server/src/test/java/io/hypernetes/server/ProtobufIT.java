package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.hypernetes.api.json.Json;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Kubernetes' protobuf over HTTP, written and read by the official client's messages. */
class ProtobufIT {
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return server.http().send(request, BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> get(String user, String path, String accept)
            throws Exception {
        return send(server.request(user, path).header("Accept", accept).build());
    }

    private static Unknown unknown(byte[] body) throws InvalidProtocolBufferException {
        assertThat(Arrays.copyOf(body, 4)).isEqualTo(new byte[] {'k', '8', 's', 0});
        return Unknown.parseFrom(Arrays.copyOfRange(body, 4, body.length));
    }

    private static V1.ConfigMap create(String user, String name) throws Exception {
        V1.ConfigMap map =
                V1.ConfigMap.newBuilder()
                        .setMetadata(Meta.ObjectMeta.newBuilder().setName(name))
                        .putData("key", "v-" + name)
                        .putBinaryData("bytes", ByteString.copyFrom(new byte[] {0, 1, -1}))
                        .build();
        Unknown envelope =
                Unknown.newBuilder()
                        .setTypeMeta(TypeMeta.newBuilder().setApiVersion("v1").setKind("ConfigMap"))
                        .setRaw(map.toByteString())
                        .build();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(new byte[] {'k', '8', 's', 0});
        envelope.writeTo(body);
        HttpResponse<byte[]> made =
                send(
                        server.request(user, MAPS)
                                .header("Content-Type", PROTOBUF)
                                .header("Accept", PROTOBUF + ",application/json")
                                .POST(BodyPublishers.ofByteArray(body.toByteArray()))
                                .build());
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Content-Type")).contains(PROTOBUF);
        return V1.ConfigMap.parseFrom(unknown(made.body()).getRaw());
    }

    @Test
    void anObjectTravelsBothWays() throws Exception {
        V1.ConfigMap made = create(TestServer.ALICE, "both");
        assertThat(made.getMetadata().getUid()).isNotEmpty();
        Unknown read = unknown(get(TestServer.ALICE, MAPS + "/both", PROTOBUF).body());
        assertThat(read.getTypeMeta().getKind()).isEqualTo("ConfigMap");
        assertThat(V1.ConfigMap.parseFrom(read.getRaw())).isEqualTo(made);
        assertThat(made.getBinaryDataOrThrow("bytes").toByteArray())
                .isEqualTo(new byte[] {0, 1, -1});
    }

    @Test
    void aListIsOneWorlds() throws Exception {
        create(TestServer.ALICE, "list-a");
        create(TestServer.BOB, "list-b");
        Unknown answer = unknown(get(TestServer.ALICE, MAPS + "?limit=500", PROTOBUF).body());
        assertThat(answer.getTypeMeta().getKind()).isEqualTo("ConfigMapList");
        V1.ConfigMapList list = V1.ConfigMapList.parseFrom(answer.getRaw());
        List<String> names =
                list.getItemsList().stream().map(item -> item.getMetadata().getName()).toList();
        assertThat(names).contains("list-a").doesNotContain("list-b");
        assertThat(list.getMetadata().getResourceVersion()).isNotEmpty();
        V1.ConfigMapList all =
                V1.ConfigMapList.parseFrom(
                        unknown(
                                        get(
                                                        TestUsers.OPERATOR,
                                                        "/tenants/*/api/v1/configmaps",
                                                        PROTOBUF)
                                                .body())
                                .getRaw());
        assertThat(all.getItemsList())
                .anySatisfy(item -> {
                    assertThat(item.getMetadata().getName()).isEqualTo("list-b");
                    assertThat(item.getMetadata().getAnnotationsMap())
                            .containsEntry("hypernetes.io/tenant", "globex");
                });
    }

    @Test
    void aWatchIsFrames() throws Exception {
        create(TestServer.ALICE, "watched");
        HttpResponse<byte[]> watch =
                get(
                        TestServer.ALICE,
                        MAPS
                                + "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true"
                                + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                                + "&fieldSelector=metadata.name%3Dwatched",
                        PROTOBUF + ";stream=watch," + PROTOBUF);
        assertThat(watch.headers().firstValue("Content-Type")).contains(PROTOBUF + ";stream=watch");
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(watch.body()));
        List<Meta.WatchEvent> events = new ArrayList<>();
        while (in.available() > 0) {
            events.add(Meta.WatchEvent.parseFrom(in.readNBytes(in.readInt())));
        }
        assertThat(events.getFirst().getType()).isEqualTo("ADDED");
        Unknown added = unknown(events.getFirst().getObject().getRaw().toByteArray());
        assertThat(V1.ConfigMap.parseFrom(added.getRaw()).getDataOrThrow("key"))
                .isEqualTo("v-watched");
        assertThat(events.getLast().getType()).isEqualTo("BOOKMARK");
        Unknown mark = unknown(events.getLast().getObject().getRaw().toByteArray());
        assertThat(V1.ConfigMap.parseFrom(mark.getRaw()).getMetadata().getAnnotationsMap())
                .containsEntry("k8s.io/initial-events-end", "true");
    }

    @Test
    void metadataAloneTravelsToo() throws Exception {
        create(TestServer.ALICE, "partial");
        Unknown one =
                unknown(
                        get(
                                        TestServer.ALICE,
                                        MAPS + "/partial",
                                        PROTOBUF + ";as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
                                .body());
        assertThat(one.getTypeMeta().getKind()).isEqualTo("PartialObjectMetadata");
        assertThat(Meta.PartialObjectMetadata.parseFrom(one.getRaw()).getMetadata().getName())
                .isEqualTo("partial");
        Unknown list =
                unknown(
                        get(
                                        TestServer.ALICE,
                                        MAPS,
                                        PROTOBUF
                                                + ";as=PartialObjectMetadataList;v=v1;"
                                                + "g=meta.k8s.io")
                                .body());
        assertThat(Meta.PartialObjectMetadataList.parseFrom(list.getRaw()).getItemsList())
                .isNotEmpty();
    }

    @Test
    void errorsAreStatusMessages() throws Exception {
        HttpResponse<byte[]> missing = get(TestServer.ALICE, MAPS + "/nobody", PROTOBUF);
        assertThat(missing.statusCode()).isEqualTo(404);
        Unknown body = unknown(missing.body());
        assertThat(body.getTypeMeta().getKind()).isEqualTo("Status");
        Meta.Status status = Meta.Status.parseFrom(body.getRaw());
        assertThat(status.getReason()).isEqualTo("NotFound");
        assertThat(status.getDetails().getName()).isEqualTo("nobody");
        assertThat(status.getCode()).isEqualTo(404);
    }

    @Test
    void whatHasNoMessageComesAsTheNextThatIsAccepted() throws Exception {
        String table = PROTOBUF + ";as=Table;v=v1;g=meta.k8s.io";
        HttpResponse<byte[]> json = get(TestServer.ALICE, MAPS, table + ",application/json");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(Json.parseObject(json.body()).path("kind").asString())
                .isEqualTo("ConfigMapList");
        assertThat(get(TestServer.ALICE, MAPS, table).statusCode()).isEqualTo(406);

        String tenants = "/apis/hypernetes.io/v1/tenants";
        HttpResponse<byte[]> next =
                get(TestUsers.OPERATOR, tenants, PROTOBUF + ",application/json");
        assertThat(next.statusCode()).isEqualTo(200);
        assertThat(next.headers().firstValue("Content-Type")).contains("application/json");
        HttpResponse<byte[]> none = get(TestUsers.OPERATOR, tenants, PROTOBUF);
        assertThat(none.statusCode()).isEqualTo(406);
        assertThat(new String(none.body(), StandardCharsets.UTF_8))
                .contains(
                        "only the following media types are accepted: application/json,"
                                + " application/yaml");
    }

    @Test
    void thereIsNoWatchInYamlAndNoCbor() throws Exception {
        HttpResponse<byte[]> yaml =
                get(TestServer.ALICE, MAPS + "?watch=1&timeoutSeconds=1", "application/yaml");
        assertThat(yaml.statusCode()).isEqualTo(406);
        assertThat(new String(yaml.body(), StandardCharsets.UTF_8))
                .contains(
                        "application/json;stream=watch,"
                                + " application/vnd.kubernetes.protobuf;stream=watch");
        assertThat(get(TestServer.ALICE, MAPS, "application/cbor").statusCode()).isEqualTo(406);
        HttpResponse<byte[]> body =
                send(
                        server.request(TestServer.ALICE, MAPS)
                                .header("Content-Type", "application/cbor")
                                .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xa0}))
                                .build());
        assertThat(body.statusCode()).isEqualTo(415);
    }
}
