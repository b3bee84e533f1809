package io.hypernetes.runtime.agent;

import java.io.InputStream;

/** A TCP connection made inside the guest. Closing it closes both directions. */
public interface GuestConnection extends AutoCloseable {

    InputStream input();

    /** Closing it ends this direction alone. */
    GuestOutputStream output();

    @Override
    void close();
}
