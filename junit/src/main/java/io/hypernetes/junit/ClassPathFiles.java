package io.hypernetes.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Resources of a test's class path, by names whose last part may hold stars. */
final class ClassPathFiles {
    private final ClassLoader loader;

    ClassPathFiles(Class<?> test) {
        this.loader = test.getClassLoader();
    }

    /** The texts of all that match, in the order of their names; throws when none does. */
    List<String> read(String name) {
        int slash = name.lastIndexOf('/');
        String folder = name.substring(0, slash + 1);
        List<String> texts = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(folder))) {
                texts.addAll(matching(url.toURI(), name.substring(slash + 1)));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(name + " cannot be read from the class path", e);
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("nothing on the class path is named " + name);
        }
        return texts;
    }

    private static List<String> matching(URI folder, String pattern) throws IOException {
        if (folder.getScheme().equals("jar")) {
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                String inside = folder.getSchemeSpecificPart().split("!", 2)[1];
                return matching(jar.getPath(inside), pattern);
            }
        }
        return matching(Path.of(folder), pattern);
    }

    private static List<String> matching(Path folder, String pattern) throws IOException {
        PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .map(ClassPathFiles::text)
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}
