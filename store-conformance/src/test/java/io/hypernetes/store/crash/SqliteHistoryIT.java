package io.hypernetes.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs over the SQLite store: 20, or 300 with {@code -Dlong=true}. None of them leaves a
 * temporary file.
 */
class SqliteHistoryIT extends KilledProgram {
    SqliteHistoryIT() {
        super(Boolean.getBoolean("long") ? 300 : 20);
    }

    @Override
    String place() {
        return directory.resolve("state.db").toString();
    }

    @Override
    void end() {
        assertThat(temporary()).as("left by those that were killed").isEmptyDirectory();
    }
}
