package io.hypernetes.junit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Every Java example of the README is one of the tests beside this, which are compiled and run. */
final class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String withoutBlanks(String code) {
        return code.replaceAll("\\s+", "");
    }

    @Test
    void whatTheReadmeShowsIsWhatRuns() throws IOException {
        StringBuilder examples = new StringBuilder();
        Path folder = Path.of("src/test/java", ReadmeTest.class.getPackageName().replace('.', '/'));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*IT.java")) {
            for (Path file : files) {
                examples.append(withoutBlanks(Files.readString(file)));
            }
        }
        List<String> shown =
                BLOCK.matcher(Files.readString(Path.of("README.md")))
                        .results()
                        .map((MatchResult found) -> withoutBlanks(found.group(1)))
                        .toList();
        assertThat(shown)
                .hasSize(5)
                .allSatisfy(block -> assertThat(examples.toString()).contains(block));
    }
}
