package io.hypernetes.server.http;

import java.io.IOException;

/** A listening server. */
public interface HttpListener extends AutoCloseable {
    /** Binds and serves; throws an IOException that names the address when it cannot. */
    void start() throws IOException;

    /** The bound port. */
    int port();

    /** Stops listening, lets requests under way end for a few seconds, then cuts them off. */
    @Override
    void close();
}
