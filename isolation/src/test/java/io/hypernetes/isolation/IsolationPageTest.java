package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Holds {@code docs/isolation.md} to the attempts; {@code -Disolation.page=write} writes the table
 * anew.
 */
final class IsolationPageTest {
    private static final String BEGIN = "<!-- written by IsolationPageTest -->\n";
    private static final String END = "<!-- end -->\n";
    private static final Path PAGE =
            Path.of(System.getProperty("hypernetes.root", ".."), "docs", "isolation.md");

    /** Route and number, so that PATH-10 comes after PATH-9. */
    private static final Comparator<String> BY_ID =
            Comparator.comparing((String id) -> id.substring(0, id.lastIndexOf('-')))
                    .thenComparing(id -> Integer.parseInt(id.substring(id.lastIndexOf('-') + 1)));

    private static TreeMap<String, Method> attempts() throws IOException, URISyntaxException {
        TreeMap<String, Method> attempts = new TreeMap<>(BY_ID);
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                Attempt attempt = method.getAnnotation(Attempt.class);
                if (attempt != null) {
                    assertThat(attempts.put(attempt.id(), method)).as(attempt.id()).isNull();
                }
            }
        }
        return attempts;
    }

    private static List<Class<?>> testClasses() throws IOException, URISyntaxException {
        Path folder = Path.of(IsolationPageTest.class.getResource(".").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.class"))
                    .sorted()
                    .<Class<?>>map(IsolationPageTest::named)
                    .toList();
        }
    }

    private static Class<?> named(String file) {
        try {
            return Class.forName(
                    IsolationPageTest.class.getPackageName()
                            + "."
                            + file.substring(0, file.length() - ".class".length()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String table() throws IOException, URISyntaxException {
        TreeMap<String, Method> attempts = attempts();
        StringBuilder table = new StringBuilder(BEGIN);
        table.append(
                "\n%d attempts, none succeeds:\n\n".formatted(attempts.size())
                        + "| id | tried | what comes of it | test |\n|---|---|---|---|\n");
        attempts.forEach((id, method) -> {
            Attempt attempt = method.getAnnotation(Attempt.class);
            table.append(
                    "| %s | %s | %s | `%s.%s` |\n"
                            .formatted(
                                    id,
                                    attempt.tries().replace("|", "\\|"),
                                    attempt.result().replace("|", "\\|"),
                                    method.getDeclaringClass().getSimpleName(),
                                    method.getName()));
        });
        return table.append('\n').append(END).toString();
    }

    @Test
    void thePageListsWhatIsTried() throws Exception {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END) + END.length();
        if (Objects.equals(System.getProperty("isolation.page"), "write")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
        } else {
            assertThat(page.substring(begin, end))
                    .as("write it anew with -Disolation.page=write")
                    .isEqualTo(table());
        }
    }

    @Test
    void everyTestOfTheSuiteIsAnAttempt() throws Exception {
        for (Class<?> type : testClasses()) {
            assertThat(
                            Arrays.stream(type.getDeclaredMethods())
                                    .filter(method -> method.isAnnotationPresent(Test.class)))
                    .as(type.getSimpleName())
                    .isEmpty();
        }
    }
}
