package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Two tenants of a node, a private registry, and what one may have of the other's. */
class ImageHoldersIT {

    private static final ImageHolder ACME = new ImageHolder("acme");
    private static final ImageHolder GLOBEX = new ImageHolder("globex");
    private static final RegistryCredentials NOBODY = new RegistryCredentials.Anonymous();
    private static final RegistryCredentials ALICE =
            new RegistryCredentials.Password("alice", "secret");
    private static final String CONFIG = "\"Cmd\":[\"x\"]";

    @TempDir private Path folder;
    private TestRegistry registry;
    private ImageStore store;

    @BeforeEach
    void start() throws Exception {
        registry = TestRegistry.startPrivate(folder);
        store = open();
    }

    @AfterEach
    void stop() {
        store.close();
        registry.close();
    }

    private ImageStore open() {
        return new ImageStore(
                folder.resolve("images"), ImageLimits.DEFAULT, RegistrySettings.DEFAULT);
    }

    private ImageName push(String tag, String content) throws Exception {
        Digest unused = registry.push("app", tag, CONFIG, layer(content));
        return ImageName.parse(registry.address() + "/app:" + tag);
    }

    private static byte[] layer(String content) throws IOException {
        return Tars.of(Tars.file("a", content));
    }

    @Test
    void whatOneTenantHasPulledIsNotThereForTheOther() throws Exception {
        ImageName name = push("v1", "1");

        StoredImage image = store.pull(name, ALICE, ACME);

        assertThat(store.find(ACME, name.toString())).contains(image);
        assertThat(store.find(GLOBEX, name.toString())).isEmpty();
        assertThat(store.find(GLOBEX, image.digests().getFirst())).isEmpty();
        assertThat(store.find(GLOBEX, image.id().toString())).isEmpty();
        assertThat(store.find(name.toString())).isEmpty();
        assertThatThrownBy(() -> store.pull(name, NOBODY, GLOBEX))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.reason()).isEqualTo(ImageException.Reason.UNAUTHORIZED));
        assertThat(store.find(GLOBEX, image.id().toString())).isEmpty();
    }

    @Test
    void contentIsSharedOnceBothMayHaveItAndGoesWithTheLast() throws Exception {
        ImageName name = push("v1", "1");
        StoredImage first = store.pull(name, ALICE, ACME);

        StoredImage second = store.pull(name, ALICE, GLOBEX);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(store.list()).hasSize(1);
        store.close();
        store = open();
        assertThat(store.find(GLOBEX, name.toString())).contains(second);
        store.remove(ACME, name.toString());
        assertThat(store.find(ACME, first.id().toString())).isEmpty();
        assertThat(store.rootfs(first.id())).exists();
        store.remove(GLOBEX, name.toString());
        assertThat(store.list()).isEmpty();
        assertThat(store.rootfs(first.id())).doesNotExist();
    }

    @Test
    void aTagIsWhatItWasWhenItsHolderPulledIt() throws Exception {
        ImageName name = push("v1", "old");
        StoredImage old = store.pull(name, ALICE, ACME);
        push("v1", "new");

        StoredImage current = store.pull(name, ALICE, GLOBEX);

        assertThat(current.id()).isNotEqualTo(old.id());
        assertThat(store.find(ACME, name.toString())).contains(old);
        assertThat(store.find(GLOBEX, name.toString())).contains(current);
    }

    @Test
    void whatTheOperatorBringsIsEverybodysUntilATenantHasItsOwn() throws Exception {
        Map<String, byte[]> blobs = new TreeMap<>();
        byte[] layer = layer("operator's");
        TestRegistry.manifest(blobs, CONFIG, layer);
        byte[] config =
                blobs.values().stream().filter(blob -> blob[0] == '{').findFirst().orElseThrow();
        ImageName name = push("v1", "tenant's");
        StoredImage brought =
                store.importTar(
                                new ByteArrayInputStream(
                                        Tars.of(
                                                Tars.executable("layer.tar", layer),
                                                Tars.executable("config.json", config),
                                                Tars.file(
                                                        "manifest.json",
                                                        "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]"))),
                                Optional.of(name))
                        .getFirst();

        assertThat(store.find(ACME, name.toString()).orElseThrow().id()).isEqualTo(brought.id());
        // The registry would refuse: it is not asked.
        assertThat(store.pull(name, NOBODY, ACME).id()).isEqualTo(brought.id());
        StoredImage own = store.pull(name, ALICE, ACME);
        assertThat(store.find(ACME, name.toString())).contains(own);
        assertThat(own.id()).isNotEqualTo(brought.id());
        assertThat(store.find(GLOBEX, name.toString()).orElseThrow().id()).isEqualTo(brought.id());
    }

    /** A tenant that has read an image's configuration somewhere does not get its layers by it. */
    @Test
    void aRegistryThatHasOnlyTheConfigurationGetsNothing() throws Exception {
        StoredImage image = store.pull(push("v1", "secret"), ALICE, ACME);
        Map<String, byte[]> blobs = new TreeMap<>();
        TestRegistry.manifest(blobs, CONFIG, layer("secret"));
        byte[] config =
                blobs.values().stream().filter(blob -> blob[0] == '{').findFirst().orElseThrow();
        assertThat(Digest.of(config)).isEqualTo(image.id());
        byte[] other = TestRegistry.gzip(layer("other"));
        HttpServer rogue =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            rogue.createContext(
                    "/v2/app/manifests/v1", exchange -> answer(exchange, manifest(config, other)));
            rogue.createContext(
                    "/v2/app/blobs/" + Digest.of(config), exchange -> answer(exchange, config));
            rogue.createContext(
                    "/v2/app/blobs/" + Digest.of(other), exchange -> answer(exchange, other));
            rogue.start();
            ImageName name =
                    ImageName.parse("127.0.0.1:" + rogue.getAddress().getPort() + "/app:v1");

            assertThatThrownBy(() -> store.pull(name, NOBODY, GLOBEX))
                    .hasMessageContaining("a layer has digest");

            assertThat(store.find(GLOBEX, image.id().toString())).isEmpty();
        } finally {
            rogue.stop(0);
        }
    }

    private static byte[] manifest(byte[] config, byte[] layer) {
        return """
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}\
        """
                .formatted(Digest.of(config), config.length, Digest.of(layer), layer.length)
                .getBytes(UTF_8);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
