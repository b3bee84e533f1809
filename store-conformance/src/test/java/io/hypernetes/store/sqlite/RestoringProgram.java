package io.hypernetes.store.sqlite;

import java.io.PrintStream;
import java.nio.file.Path;

/** A program that restores two copies in turn for ever and prints {@code which revision}. */
final class RestoringProgram {

    private RestoringProgram() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out));
        try (SqliteStore store = SqliteStore.open(Path.of(args[0]), SqliteSettings.DEFAULT)) {
            for (int i = 0; ; i++) {
                int which = 1 + i % 2;
                try (StagedCopy copy = store.stage(Path.of(args[which]))) {
                    out.println(which + " " + store.replace(copy).revision());
                }
            }
        }
    }
}
