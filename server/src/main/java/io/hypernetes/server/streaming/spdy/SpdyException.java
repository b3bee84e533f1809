package io.hypernetes.server.streaming.spdy;

import java.io.IOException;

/** The peer does not keep to SPDY/3.1, or to this server's limits. The session ends. */
public final class SpdyException extends IOException {
    private static final long serialVersionUID = 1L;

    SpdyException(String message) {
        super(message);
    }

    SpdyException(String message, Throwable cause) {
        super(message, cause);
    }
}
