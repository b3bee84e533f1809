package io.hypernetes.server.http;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection after its upgrade to another protocol: bytes both ways. One thread reads, one at a
 * time writes; both wait for the peer.
 */
public interface RawConnection extends AutoCloseable {
    InputStream input();

    OutputStream output();

    /** Ends both directions; again does nothing. From any thread. */
    @Override
    void close();
}
