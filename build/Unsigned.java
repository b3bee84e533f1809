import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;

/**
 * Takes the signatures out of jars, in place. Java checks them anew at every start, and keeps no
 * class of a signed jar in its cache of a start; what these jars are was checked when Maven fetched
 * them.
 */
public final class Unsigned {
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (FileSystem files = FileSystems.newFileSystem(Path.of(jar))) {
                strip(files.getPath("META-INF"));
            }
        }
    }

    private static void strip(Path folder) throws IOException {
        List<Path> signatures;
        try (var all = Files.list(folder)) {
            signatures =
                    all.filter(file -> file.toString().matches(".*\\.(SF|RSA|DSA|EC)")).toList();
        }
        if (signatures.isEmpty()) {
            return;
        }
        for (Path file : signatures) {
            Files.delete(file);
        }
        Manifest manifest;
        try (InputStream in = Files.newInputStream(folder.resolve("MANIFEST.MF"))) {
            manifest = new Manifest(in);
        }
        manifest.getEntries().clear(); // a digest of each class
        try (OutputStream out = Files.newOutputStream(folder.resolve("MANIFEST.MF"))) {
            manifest.write(out);
        }
    }
}
