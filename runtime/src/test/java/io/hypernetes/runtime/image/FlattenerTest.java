package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

class FlattenerTest {

    @Test
    void upperLayersReplaceAndWhiteoutsRemoveWhatIsBelow() throws IOException {
        assertThat(
                        flat(
                                Tars.of(
                                        Tars.directory("etc/"),
                                        Tars.file("etc/a", "1"),
                                        Tars.file("etc/b", "1"),
                                        Tars.file("keep/x", "1"),
                                        Tars.file("opaque/old", "1")),
                                Tars.of(
                                        Tars.file("etc/a", "2"),
                                        Tars.file("etc/.wh.b", ""),
                                        Tars.file("opaque/new", "2"),
                                        Tars.file("opaque/.wh..wh..opq", ""))))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "etc/", "",
                                "etc/a", "2",
                                "keep/", "",
                                "keep/x", "1",
                                "opaque/", "",
                                "opaque/new", "2"));
    }

    @Test
    void aWhiteoutLeavesWhatItsOwnLayerHasPutThere() throws IOException {
        assertThat(
                        flat(
                                Tars.of(Tars.file("d/old", "1")),
                                Tars.of(Tars.file("d/new", "2"), Tars.file(".wh.d", ""))))
                .containsOnlyKeys("d/", "d/new");
    }

    @Test
    void aFileReplacesADirectoryAndItsContent() throws IOException {
        assertThat(flat(Tars.of(Tars.file("x/y", "1")), Tars.of(Tars.file("x", "2"))))
                .isEqualTo(Map.of("x", "2"));
    }

    @Test
    void hardLinksShareContentAcrossLayersAndOutliveTheirTarget() throws IOException {
        assertThat(
                        flat(
                                Tars.of(Tars.file("a", "content")),
                                Tars.of(Tars.hardLink("b", "a"), Tars.file(".wh.a", ""))))
                .isEqualTo(Map.of("b", "content"));
        assertThat(flat(Tars.of(Tars.file("a", "content"), Tars.hardLink("b", "./a"))))
                .isEqualTo(Map.of("a", "content", "b", "=> a"));
    }

    @Test
    void entriesBehindASymbolicLinkGoWhereItPointsWithinTheRoot() throws IOException {
        assertThat(
                        flat(
                                Tars.of(
                                        Tars.directory("usr/lib"),
                                        Tars.symlink("lib", "usr/lib"),
                                        Tars.symlink("out", "../../..")),
                                Tars.of(Tars.file("lib/x", "1"), Tars.file("out/y", "2"))))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "usr/", "",
                                "usr/lib/", "",
                                "usr/lib/x", "1",
                                "lib", "-> usr/lib",
                                "out", "-> ../../..",
                                "y", "2"));
    }

    @Test
    void pathsThatLeadOutAreRefused() {
        for (String path : List.of("../x", "a/../../x", "/..", "a/..")) {
            assertThatThrownBy(() -> flat(Tars.of(Tars.file(path, ""))))
                    .as(path)
                    .isInstanceOf(ImageException.class);
        }
        assertThatThrownBy(() -> flat(Tars.of(Tars.hardLink("x", "../../etc/passwd"))))
                .isInstanceOf(ImageException.class);
    }

    @Test
    void symbolicLinksInACircleAreRefused() {
        assertThatThrownBy(() ->
                        flat(
                                Tars.of(
                                        Tars.symlink("a", "b"),
                                        Tars.symlink("b", "a"),
                                        Tars.file("a/x", ""))))
                .hasMessageContaining("too many symbolic links");
    }

    @Test
    void aFileWhoseNameEndsWithASlashIsADirectoryWhateverItHolds() throws IOException {
        assertThat(flat(Tars.of(Tars.file("a/", "bytes"), Tars.file("a/x", "1"))))
                .containsOnlyKeys("a/", "a/x");
    }

    @Test
    void aLayerThatIsNotWhatTheConfigurationPromisesIsRefused() throws IOException {
        Path file = Files.createTempFile("layer", "");
        try {
            Files.write(file, gzip(Tars.of(Tars.file("a", "1"))));
            ImageContent content = content(List.of(file), List.of(Digest.of(new byte[] {1})));
            assertThatThrownBy(() -> new Flattener(content, ImageLimits.DEFAULT).scan())
                    .hasMessageContaining("a layer has digest");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void limitsHold() {
        ImageLimits few = new ImageLimits(100, 100, 1 << 20, 2);
        ImageLimits small = new ImageLimits(100, 100, 1000, 100);
        assertThatThrownBy(() ->
                        flat(
                                few,
                                Tars.of(
                                        Tars.file("a", ""),
                                        Tars.file("b", ""),
                                        Tars.file("c", ""))))
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> flat(small, Tars.of(Tars.file("a", "x".repeat(2000)))))
                .hasMessageContaining("too large");
    }

    /** Whatever the layers say, the stream is one that can be unpacked front to back, and safe. */
    @Property(tries = 300)
    void theStreamIsAlwaysInOrderAndInsideTheRoot(@ForAll("layers") List<List<Tars.Member>> layers)
            throws IOException {
        byte[][] tars = new byte[layers.size()][];
        for (int i = 0; i < tars.length; i++) {
            tars[i] = Tars.of(layers.get(i).toArray(Tars.Member[]::new));
        }
        Map<String, String> flat;
        try {
            flat = flat(tars);
        } catch (ImageException e) {
            return; // refused is safe
        }
        Set<String> seen = new HashSet<>();
        flat.forEach((path, content) -> {
            assertThat(path).doesNotStartWith("/").doesNotContain("//");
            assertThat(List.of(path.split("/"))).doesNotContain("..", ".", "");
            int parent = path.lastIndexOf('/', path.length() - 2);
            assertThat(parent < 0 || seen.contains(path.substring(0, parent + 1))).isTrue();
            if (content.startsWith("=> ")) {
                assertThat(seen).contains(content.substring(3));
            }
            assertThat(seen.add(path)).isTrue();
        });
    }

    /** Without links, the result is what replaying the layers on a plain map of paths gives. */
    @Property(tries = 300)
    void filesAndWhiteoutsFollowTheSpecification(
            @ForAll("plainLayers") List<Map<String, Boolean>> layers) throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        byte[][] tars = new byte[layers.size()][];
        for (int i = 0; i < tars.length; i++) {
            List<Tars.Member> members = new ArrayList<>();
            Map<String, String> own = new LinkedHashMap<>();
            for (Map.Entry<String, Boolean> entry : layers.get(i).entrySet()) {
                String path = entry.getKey();
                String folder = path.substring(0, path.indexOf('/') + 1);
                String name = path.substring(folder.length());
                if (entry.getValue()) {
                    own.put(path, "layer " + i);
                    members.add(Tars.file(path, "layer " + i));
                } else {
                    expected.remove(path);
                    members.add(Tars.file(folder + ".wh." + name, ""));
                }
            }
            expected.putAll(own);
            tars[i] = Tars.of(members.toArray(Tars.Member[]::new));
        }
        Map<String, String> files = new LinkedHashMap<>(flat(tars));
        files.keySet().removeIf(path -> path.endsWith("/"));
        assertThat(files).isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<Map<String, Boolean>>> plainLayers() {
        Arbitrary<String> path =
                Combinators.combine(Arbitraries.of("a/", "b/", "c/"), Arbitraries.of("x", "y", "z"))
                        .as(String::concat);
        return Arbitraries.maps(path, Arbitraries.of(true, false)).ofMaxSize(6).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<List<Tars.Member>>> layers() {
        Arbitrary<String> path =
                Arbitraries.of("a", "b", "..", ".", "", ".wh.a", ".wh.b", ".wh..wh..opq", "c")
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(4)
                        .map(parts -> String.join("/", parts));
        Arbitrary<Tars.Member> member =
                Combinators.combine(Arbitraries.integers().between(0, 3), path, path)
                        .as((kind, name, other) ->
                                switch (kind) {
                                    case 0 -> Tars.file(name, "content of " + name);
                                    case 1 -> Tars.directory(name);
                                    case 2 -> Tars.symlink(name, other);
                                    default -> Tars.hardLink(name, other);
                                });
        return member.list().ofMaxSize(8).list().ofMaxSize(3);
    }

    private static Map<String, String> flat(byte[]... layers) throws IOException {
        return flat(ImageLimits.DEFAULT, layers);
    }

    /** Path to content; directories end with a slash, links say where they point. */
    private static Map<String, String> flat(ImageLimits limits, byte[]... layers)
            throws IOException {
        List<Path> files = new ArrayList<>();
        List<Digest> digests = new ArrayList<>();
        try {
            for (byte[] layer : layers) {
                Path file = Files.createTempFile("layer", "");
                files.add(file);
                Files.write(file, files.size() % 2 == 0 ? layer : gzip(layer));
                digests.add(Digest.of(layer));
            }
            Flattener flattener = new Flattener(content(files, digests), limits);
            flattener.scan();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            flattener.write(new TarWriter(out));
            return listing(out.toByteArray());
        } finally {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static Map<String, String> listing(byte[] tar) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(tar));
        Map<String, String> listing = new LinkedHashMap<>();
        for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
            TarEntry entry = next.get();
            listing.put(
                    entry.name(),
                    switch (entry.type()) {
                        case SYMBOLIC_LINK -> "-> " + entry.link();
                        case HARD_LINK -> "=> " + entry.link();
                        default -> new String(Tars.content(reader), UTF_8);
                    });
        }
        return listing;
    }

    private static ImageContent content(List<Path> files, List<Digest> digests) {
        ImageConfig config = new ImageConfig(List.of(), List.of(), List.of(), "", "", "");
        return new ImageContent(Digest.of(new byte[0]), config, digests, files);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
