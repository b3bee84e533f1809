package io.hypernetes.api.types;

import io.hypernetes.api.Column;

/** Columns that many kinds share. */
public final class Columns {

    private Columns() {}

    /** AGE since the creation, computed when it is shown. */
    public static Column age() {
        throw new UnsupportedOperationException();
    }
}
