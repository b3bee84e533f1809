package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.VmException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that come and go. */
final class Directories {

    private Directories() {}

    /** Removes a folder and what is in it; nothing when there is none. */
    static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> bottomUp = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : bottomUp) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // gone already, which is what was asked for
        } catch (IOException e) {
            throw new VmException("can not remove " + directory + "; remove it by hand", e);
        }
    }
}
