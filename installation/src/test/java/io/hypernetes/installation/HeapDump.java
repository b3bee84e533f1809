package io.hypernetes.installation;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a process of Java still holds: its live objects, in a file. */
final class HeapDump {
    private static final int CHUNK = 16 << 20;

    private HeapDump() {}

    /** Those of the words that some live string, byte or char array has in it. */
    static Set<String> wordsIn(long pid, Path directory, List<String> words) throws IOException {
        Path file = Files.createTempFile(directory, "heap", ".hprof");
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        NodeCloud.run(
                        "",
                        List.of(
                                jcmd,
                                Long.toString(pid),
                                "GC.heap_dump",
                                "-overwrite",
                                file.toString()))
                .succeeded();
        try {
            return wordsIn(file, words);
        } finally {
            Files.delete(file);
        }
    }

    /** In one byte a letter, and in two. */
    static Set<String> wordsIn(Path file, List<String> words) throws IOException {
        int longest = words.stream().mapToInt(String::length).max().orElse(0) * 2;
        Set<String> found = new TreeSet<>();
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = new byte[CHUNK + longest];
            int kept = 0;
            for (int read; (read = in.readNBytes(bytes, kept, CHUNK)) > 0; ) {
                String chunk = new String(bytes, 0, kept + read, StandardCharsets.ISO_8859_1);
                for (String word : words) {
                    if (chunk.contains(word) || chunk.contains(wide(word))) {
                        found.add(word);
                    }
                }
                int from = Math.max(0, kept + read - longest);
                kept = kept + read - from;
                System.arraycopy(bytes, from, bytes, 0, kept);
            }
        }
        return found;
    }

    private static String wide(String word) {
        Charset bigEndian = StandardCharsets.UTF_16BE; // as heap dumps are
        return new String(word.getBytes(bigEndian), StandardCharsets.ISO_8859_1);
    }
}
