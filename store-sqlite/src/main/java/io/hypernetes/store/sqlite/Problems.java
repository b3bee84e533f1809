package io.hypernetes.store.sqlite;

import io.hypernetes.store.StoreException;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.nio.file.Path;

/** Turns what SQLite says into what the reader can do. */
final class Problems {

    private Problems() {}

    /** Whether the disk failed, and not for want of room. */
    static boolean isInputOutput(Throwable cause) {
        return cause instanceof SQLiteException e
                && (e.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_IOERR.code;
    }

    static StoreException of(String what, Path file, Throwable cause) {
        if (cause instanceof SQLiteException e
                && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
            return new StoreException(
                    what
                            + " "
                            + file
                            + ": the disk is full, or the file has reached its size limit."
                            + " This write was not made; all earlier ones are safe."
                            + " Free space and try again",
                    cause);
        }
        if (cause instanceof SQLiteException e
                && (e.getResultCode().code & 0xFF) == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return new StoreException(
                    what
                            + " "
                            + file
                            + ": it is damaged ("
                            + cause.getMessage()
                            + "): restore a copy",
                    cause);
        }
        return new StoreException(what + " " + file + ": " + cause.getMessage(), cause);
    }
}
