package io.hypernetes.server.http;

import java.io.IOException;

/** What is done with an upgraded connection, from its opening to its end. */
@FunctionalInterface
public interface RawSession {
    void run(RawConnection connection) throws IOException, InterruptedException;
}
