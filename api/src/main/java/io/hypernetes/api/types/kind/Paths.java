package io.hypernetes.api.types.kind;

import java.nio.file.Path;
import java.util.List;

/** Rules for paths of files. */
public final class Paths {

    private Paths() {}

    /** Below a directory that others gave. */
    public static void descending(Field path) {
        if (path.text().startsWith("/")) {
            path.invalid("must be a relative path");
        }
        noBacksteps(path);
    }

    /** As {@link #descending}, and not named as the node names its own files. */
    public static void descendingUnreserved(Field path) {
        descending(path);
        if (path.text().startsWith("..") && !path.text().startsWith("../")) {
            path.invalid("must not start with '..'");
        }
    }

    public static boolean noBacksteps(Field path) {
        boolean steps = List.of(path.text().split("/")).contains("..");
        if (steps) {
            path.invalid("must not contain '..'");
        }
        return !steps;
    }

    /** Whether a path, tidied, is that of the root. */
    public static boolean isRoot(String path) {
        return path.startsWith("/") && Path.of(path).normalize().toString().equals("/");
    }
}
