package io.hypernetes.runtime.agent;

import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A process started by {@link GuestAgent#exec}. Closing it kills the process when it still runs.
 */
public interface GuestProcess extends AutoCloseable {

    /** Without a standard input, writing throws. */
    GuestOutputStream stdin();

    /** Read it to the end, or close it: the process waits while nobody reads. */
    InputStream stdout();

    InputStream stderr();

    void resize(int columns, int rows);

    /** Waits for the end. The code is the process' own, or 128 + signal. */
    int waitFor() throws InterruptedException;

    /** Waits at most this long. */
    OptionalInt waitFor(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
