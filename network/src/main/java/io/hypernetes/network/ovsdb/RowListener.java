package io.hypernetes.network.ovsdb;

/** Told of rows by the thread that reads from the server: it must neither wait nor fail. */
public interface RowListener {

    /** The row is new, or has changed, or is there after a connection was lost. */
    void changed(Row row);

    /** The row is gone; one that went while there was no connection is not told. */
    void gone(Row row);
}
