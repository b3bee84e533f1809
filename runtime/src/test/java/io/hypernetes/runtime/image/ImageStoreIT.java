package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

class ImageStoreIT {

    private static final RegistryCredentials NOBODY = new RegistryCredentials.Anonymous();
    private static final String CONFIG =
            "\"Entrypoint\":[\"/bin/a\"],\"Cmd\":[\"x\"],\"Env\":[\"A=b\"],\"User\":\"7\"";

    @TempDir private Path folder;
    private TestRegistry registry;
    private ImageStore store;

    @BeforeEach
    void start() throws Exception {
        registry = TestRegistry.start(folder);
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

    @Test
    void pulledImageIsOneSquashfsWithTheVisibleFiles() throws Exception {
        Digest index = registry.push("team/app", "v1", CONFIG, lower(), upper());
        ImageName name = ImageName.parse(registry.address() + "/team/app:v1");

        StoredImage image = store.pull(name, NOBODY, ImageHolder.EVERYONE);

        assertThat(listing(image))
                .anyMatch(line -> line.matches("-rwxr-xr-x 0/0 .*squashfs-root/bin/a"))
                .anyMatch(line -> line.endsWith("squashfs-root/bin/link -> a"))
                .anyMatch(line -> line.matches("drwxr-xr-x 0/0 .* squashfs-root"))
                .anyMatch(line -> line.endsWith("squashfs-root/etc/new"))
                .noneMatch(line -> line.contains("gone") || line.contains(".wh."));
        assertThat(unpacked(image, "bin/hard")).isEqualTo("program");
        assertThat(image.config().entrypoint()).containsExactly("/bin/a");
        assertThat(image.config().user()).isEqualTo("7");
        assertThat(image.tags()).containsExactly(name.toString());
        assertThat(image.digests()).containsExactly(registry.address() + "/team/app@" + index);
        assertThat(store.find(image.id().toString())).contains(image);
        assertThat(
                        store.pull(
                                        ImageName.parse(image.digests().getFirst()),
                                        NOBODY,
                                        ImageHolder.EVERYONE)
                                .id())
                .isEqualTo(image.id());
    }

    @Test
    void aTagThatMovedLeavesTheOldImage() throws Exception {
        registry.push("app", "latest", CONFIG, lower());
        ImageName name = ImageName.parse(registry.address() + "/app");
        StoredImage old = store.pull(name, NOBODY, ImageHolder.EVERYONE);
        registry.push("app", "latest", CONFIG, lower(), upper());

        StoredImage current = store.pull(name, NOBODY, ImageHolder.EVERYONE);

        assertThat(current.id()).isNotEqualTo(old.id());
        assertThat(store.find(name.toString())).contains(current);
        assertThat(store.find(old.id().toString()).orElseThrow().tags()).isEmpty();
    }

    @Test
    void whatDoesNotExistIsNotFoundWithItsName() {
        ImageName name = ImageName.parse(registry.address() + "/no/such:v1");
        assertThatThrownBy(() -> store.pull(name, NOBODY, ImageHolder.EVERYONE))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.reason()).isEqualTo(ImageException.Reason.NOT_FOUND))
                .hasMessage("image " + name + " not found in " + registry.address());
    }

    @Test
    void aRegistryThatServesOtherContentIsCaught() throws Exception {
        registry.push("app", "v1", CONFIG, lower());
        try (Stream<Path> files = Files.walk(folder.resolve("registry/docker/registry/v2/blobs"))) {
            for (Path blob : files.filter(path -> path.endsWith("data")).toList()) {
                byte[] bytes = Files.readAllBytes(blob);
                if (bytes[0] == 0x1f) {
                    bytes[bytes.length - 9] ^= 1;
                    Files.write(blob, bytes);
                }
            }
        }
        assertThatThrownBy(() ->
                        store.pull(
                                ImageName.parse(registry.address() + "/app:v1"),
                                NOBODY,
                                ImageHolder.EVERYONE))
                .hasMessageContaining("a layer has digest");
        assertThat(store.list()).isEmpty();
        assertThat(folder.resolve("images/unfinished")).isEmptyDirectory();
    }

    @Test
    void pullsOfOneImageAtATimeAreOnePull() throws Exception {
        registry.push("app", "v1", CONFIG, lower(), upper());
        ImageName name = ImageName.parse(registry.address() + "/app:v1");
        List<Callable<StoredImage>> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            calls.add(() -> store.pull(name, NOBODY, ImageHolder.EVERYONE));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<StoredImage> result : threads.invokeAll(calls)) {
                assertThat(result.get().tags()).containsExactly(name.toString());
            }
        }
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void imagesSurviveARestartAndLeftoversDoNot() throws Exception {
        registry.push("app", "v1", CONFIG, lower());
        StoredImage image =
                store.pull(
                        ImageName.parse(registry.address() + "/app:v1"),
                        NOBODY,
                        ImageHolder.EVERYONE);
        Path stray = folder.resolve("images/rootfs/stray.squashfs");
        Files.writeString(stray, "half");
        Files.createDirectories(folder.resolve("images/unfinished/image-1"));
        Files.writeString(folder.resolve("images/unfinished/image-1/layer-0"), "half");
        store.close();

        store = open();

        assertThat(store.list()).containsExactly(image);
        assertThat(stray).doesNotExist();
        assertThat(folder.resolve("images/unfinished")).isEmptyDirectory();
        store.remove(image.tags().getFirst());
        assertThat(store.list()).isEmpty();
        assertThat(folder.resolve("images/rootfs")).isEmptyDirectory();
    }

    @Test
    void ociLayoutIsImported() throws Exception {
        Map<String, byte[]> blobs = new TreeMap<>();
        byte[] manifest = TestRegistry.manifest(blobs, CONFIG, lower(), upper());
        blobs.put(Digest.of(manifest).hex(), manifest);
        List<Tars.Member> members = new ArrayList<>();
        blobs.forEach((hex, blob) -> members.add(Tars.executable("./blobs/sha256/" + hex, blob)));
        members.add(Tars.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"));
        members.add(
                Tars.file(
                        "index.json",
                        """
                        {"schemaVersion":2,"manifests":[{"digest":"%s","size":%d,
                         "annotations":{"io.containerd.image.name":"docker.io/me/app:v2"}}]}\
                        """
                                .formatted(Digest.of(manifest), manifest.length)));

        List<StoredImage> images = importTar(members, Optional.empty());

        assertThat(images).hasSize(1);
        assertThat(store.find("me/app:v2")).contains(images.getFirst());
        assertThat(unpacked(images.getFirst(), "etc/new")).isEqualTo("2");
    }

    @Test
    void dockerSaveIsImportedAlsoUnderAnotherName() throws Exception {
        Map<String, byte[]> blobs = new TreeMap<>();
        byte[] layer = lower();
        TestRegistry.manifest(blobs, CONFIG, layer);
        byte[] config =
                blobs.values().stream().filter(blob -> blob[0] == '{').findFirst().orElseThrow();
        List<Tars.Member> members =
                List.of(
                        Tars.executable("abc/layer.tar", layer),
                        Tars.symlink("def/layer.tar", "../abc/layer.tar"),
                        Tars.executable("config.json", config),
                        Tars.file(
                                "manifest.json",
                                "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:v3\"],"
                                        + "\"Layers\":[\"def/layer.tar\"]}]"));

        importTar(members, Optional.empty());
        importTar(members, Optional.of(ImageName.parse("other")));

        assertThat(store.find("app:v3").orElseThrow().tags())
                .containsExactly("docker.io/library/app:v3", "docker.io/library/other:latest");
    }

    @Test
    void aTarFileThatIsNoImageIsRefused() {
        assertThatThrownBy(() -> importTar(List.of(Tars.file("x", "y")), Optional.empty()))
                .hasMessageContaining("neither manifest.json");
        assertThatThrownBy(() ->
                        store.importTar(
                                new ByteArrayInputStream("no tar".getBytes(UTF_8)),
                                Optional.empty()))
                .isInstanceOf(ImageException.class);
    }

    private List<StoredImage> importTar(List<Tars.Member> members, Optional<ImageName> name)
            throws IOException, InterruptedException {
        byte[] tar = Tars.of(members.toArray(Tars.Member[]::new));
        return store.importTar(new ByteArrayInputStream(tar), name);
    }

    private static byte[] lower() throws IOException {
        return Tars.of(
                Tars.directory("bin"),
                Tars.executable("bin/a", "program".getBytes(UTF_8)),
                Tars.symlink("bin/link", "a"),
                Tars.hardLink("bin/hard", "bin/a"),
                Tars.file("etc/gone", "1"));
    }

    private static byte[] upper() throws IOException {
        return Tars.of(Tars.file("etc/.wh.gone", ""), Tars.file("etc/new", "2"));
    }

    private List<String> listing(StoredImage image) throws Exception {
        return run("unsquashfs", "-lln", store.rootfs(image.id()).toString()).lines().toList();
    }

    private String unpacked(StoredImage image, String file) throws Exception {
        return run("unsquashfs", "-cat", store.rootfs(image.id()).toString(), file);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
