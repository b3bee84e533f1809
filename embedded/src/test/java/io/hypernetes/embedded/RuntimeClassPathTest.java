package io.hypernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What a test's class path gets with this module: little, named here, and Java alone. */
class RuntimeClassPathTest {

    /** Whoever adds a name changes the tree in junit/README.md too. */
    private static final List<String> KNOWN =
            """
            antlr4-runtime api api-schema auto-value-annotations bcpkix-jdk18on
            bcprov-jdk18on bcutil-jdk18on caffeine cel cel common compiler control-plane
            controller-runtime controllers error_prone_annotations failureaccess guava
            http-client identity j2objc-annotations jackson-annotations jackson-core
            jackson-databind jetty-alpn-java-server jetty-alpn-server jetty-http
            jetty-http2-common jetty-http2-hpack jetty-http2-server jetty-io jetty-server
            jetty-util jetty-websocket-core-common jetty-websocket-core-server
            jetty-websocket-jetty-api jetty-websocket-jetty-common
            jetty-websocket-jetty-server jspecify listenablefuture nimbus-jose-jwt
            password4j prometheus-metrics-config prometheus-metrics-core
            prometheus-metrics-exposition-textformats prometheus-metrics-model
            prometheus-metrics-tracer-common prometheus-metrics-tracer-initializer
            prometheus-metrics-tracer-otel prometheus-metrics-tracer-otel-agent protobuf
            protobuf-java re2j runtime server slf4j-api snakeyaml snakeyaml-engine store
            tenancy threeten-extra v1alpha1
            """
                    .lines()
                    .flatMap(line -> Stream.of(line.split(" ")))
                    .toList();

    private static final Pattern NATIVE =
            Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.[0-9.]+)?");

    @Test
    void nothingJoinsUnnoticed() throws IOException {
        assertThat(classPath())
                .extracting(RuntimeClassPathTest::artifact)
                .containsExactlyInAnyOrderElementsOf(KNOWN);
    }

    @Test
    void noNativeCodeIsOnIt() throws IOException {
        List<String> found = new ArrayList<>();
        int seen = 0;
        for (Path entry : classPath()) {
            List<String> files = files(entry);
            seen += files.size();
            files.stream()
                    .filter(file -> NATIVE.matcher(file).matches())
                    .forEach(file -> found.add(entry + ": " + file));
        }
        assertThat(found).isEmpty();
        assertThat(seen).isGreaterThan(1000);
    }

    /** As Maven resolved it, written by the build before the tests. */
    private static List<Path> classPath() throws IOException {
        String text = Files.readString(Path.of("target/runtime-class-path"));
        return Stream.of(text.strip().split(File.pathSeparator)).map(Path::of).toList();
    }

    /**
     * Jars are in ARTIFACT/VERSION/ of a repository, or in target/ of a module as its classes are.
     */
    private static String artifact(Path entry) {
        Path folder = entry.resolve("../..").normalize().getFileName();
        return String.valueOf(folder).replaceFirst("^hypernetes-", "");
    }

    private static List<String> files(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                return files.map(Path::toString).toList();
            }
        }
        try (ZipFile jar = new ZipFile(entry.toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }
}
