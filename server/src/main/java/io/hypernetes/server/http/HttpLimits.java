package io.hypernetes.server.http;

import java.time.Duration;

/**
 * What a client may ask of a connection, before anybody knows who it is.
 *
 * @param bodyBytes of a request's body, also when it is compressed
 * @param bodyTime within which a body must have come: one that sends a little now and then holds a
 *     seat no longer
 * @param headerBytes of a request's line and headers
 * @param idle after which a connection is closed over which nothing goes, and an answer is broken
 *     off of which nothing is read
 * @param streams that an HTTP/2 connection may have open at once
 * @param connections open at once, of all clients; more are closed before anything is said
 * @param connectionsPerAddress of one address
 * @param handshakesPerSecond new connections of one address in a second, in the long run; four
 *     seconds' worth may come at once. More are closed before the handshake
 * @param handshakeTime within which a connection must have shaken hands
 */
public record HttpLimits(
        int bodyBytes,
        Duration bodyTime,
        int headerBytes,
        Duration idle,
        int streams,
        int connections,
        int connectionsPerAddress,
        int handshakesPerSecond,
        Duration handshakeTime) {

    /** A kubectl in a loop makes ten or twenty a second; the processor's share is what counts. */
    public static final int HANDSHAKES_PER_SECOND = 100;

    public static final Duration HANDSHAKE_TIME = Duration.ofSeconds(20);

    /** Body and its time as upstream's. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    3 * 1024 * 1024,
                    Duration.ofSeconds(60),
                    32 * 1024,
                    Duration.ofMinutes(5),
                    1000,
                    20_000,
                    5_000);

    /** With the usual limits of handshakes. */
    public HttpLimits(
            int bodyBytes,
            Duration bodyTime,
            int headerBytes,
            Duration idle,
            int streams,
            int connections,
            int connectionsPerAddress) {
        this(
                bodyBytes,
                bodyTime,
                headerBytes,
                idle,
                streams,
                connections,
                connectionsPerAddress,
                HANDSHAKES_PER_SECOND,
                HANDSHAKE_TIME);
    }
}
