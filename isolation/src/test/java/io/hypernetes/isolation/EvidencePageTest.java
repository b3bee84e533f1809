package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code docs/tenancy-tests.md} names is there. */
final class EvidencePageTest {
    private static final Path ROOT = Path.of(System.getProperty("hypernetes.root", ".."));
    private static final Pattern NAMED =
            Pattern.compile("`([A-Z][A-Za-z0-9]+(?:Test|IT))(?:\\.([a-zA-Z0-9]+))?`");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        Map<String, String> sources = sources();
        String page = Files.readString(ROOT.resolve("docs/tenancy-tests.md"));
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(page);
        int count = 0;
        while (named.find()) {
            count++;
            String source = sources.getOrDefault(named.group(1), "");
            String method = named.group(2);
            if (source.isEmpty() || method != null && !source.contains(" " + method + "(")) {
                missing.add(named.group());
            }
        }
        assertThat(count).isGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    /** The sources of all modules' tests, by the name of their class. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    try (Stream<Path> files = Files.walk(tests)) {
                        for (Path file :
                                files.filter(f -> f.toString().endsWith(".java")).toList()) {
                            String name = file.getFileName().toString();
                            sources.put(
                                    name.substring(0, name.length() - ".java".length()),
                                    Files.readString(file));
                        }
                    }
                }
            }
        }
        return sources;
    }
}
