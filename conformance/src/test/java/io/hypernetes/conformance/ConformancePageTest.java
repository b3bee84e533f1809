package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds {@code docs/conformance.md} to the annotations; {@code -Dconformance.page=write} writes the
 * table anew.
 */
final class ConformancePageTest {
    private static final String BEGIN = "<!-- written by ConformancePageTest -->\n";
    private static final String END = "<!-- end -->\n";
    static final String SUFFIX = " [Conformance]";
    private static final Path PAGE =
            Path.of(System.getProperty("hypernetes.root", ".."), "docs", "conformance.md");

    /** Upstream's names without their last word, and the tests here that ask for them. */
    static SortedMap<String, SortedSet<String>> asked() throws IOException, URISyntaxException {
        SortedMap<String, SortedSet<String>> asked = new TreeMap<>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                Upstream upstream = method.getAnnotation(Upstream.class);
                if (upstream != null) {
                    for (String name : upstream.value()) {
                        assertThat(name).as(method.toString()).startsWith("[sig-").endsWith(SUFFIX);
                        asked.computeIfAbsent(
                                        name.substring(0, name.length() - SUFFIX.length()),
                                        _ -> new TreeSet<>())
                                .add(told(method));
                    }
                }
            }
        }
        return asked;
    }

    private static String told(Method method) {
        InWorlds worlds = method.getAnnotation(InWorlds.class);
        String only = worlds == null ? "" : worlds.systemOnly();
        return "`%s.%s`%s"
                .formatted(
                        method.getDeclaringClass().getSimpleName(),
                        method.getName(),
                        only.isEmpty() ? "" : " (system's world: " + only + ")");
    }

    private static List<Class<?>> testClasses() throws IOException, URISyntaxException {
        Path folder = Path.of(ConformancePageTest.class.getResource(".").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.class"))
                    .sorted()
                    .<Class<?>>map(ConformancePageTest::named)
                    .toList();
        }
    }

    private static Class<?> named(String file) {
        try {
            return Class.forName(
                    ConformancePageTest.class.getPackageName()
                            + "."
                            + file.substring(0, file.length() - ".class".length()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String table() throws IOException, URISyntaxException {
        SortedMap<String, SortedSet<String>> asked = asked();
        StringBuilder table = new StringBuilder(BEGIN);
        table.append(
                "\n%d of upstream's tests:\n\n| upstream | here |\n|---|---|\n"
                        .formatted(asked.size()));
        asked.forEach((name, tests) ->
                table.append(
                        "| %s | %s |\n"
                                .formatted(name.replace("|", "\\|"), String.join(", ", tests))));
        return table.append('\n').append(END).toString();
    }

    @Test
    void thePageListsWhatIsTested() throws Exception {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END) + END.length();
        if (Objects.equals(System.getProperty("conformance.page"), "write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as("write it anew with -Dconformance.page=write")
                    .isEqualTo(table());
        }
    }

    @Test
    void nothingThatIsTestedIsSaidToWait() throws Exception {
        String page = Files.readString(PAGE);
        List<String> waiting =
                Arrays.stream(page.substring(page.indexOf(END)).split("\n"))
                        .filter(line -> line.startsWith("- [sig-"))
                        .map(line -> line.substring(2))
                        .collect(Collectors.toList());
        assertThat(waiting).doesNotContainAnyElementsOf(asked().keySet());
    }
}
