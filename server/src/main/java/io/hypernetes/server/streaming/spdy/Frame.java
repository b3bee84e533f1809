package io.hypernetes.server.streaming.spdy;

import java.util.Map;

/**
 * A frame of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00, section 2.6). A long DATA frame is read as
 * several short ones.
 */
sealed interface Frame {
    int SYN_STREAM = 1;
    int SYN_REPLY = 2;
    int RST_STREAM = 3;
    int SETTINGS = 4;
    int PING = 6;
    int GOAWAY = 7;
    int HEADERS = 8;
    int WINDOW_UPDATE = 9;

    int FLAG_FIN = 1;

    /** Why a stream or session ends (sections 2.6.3 and 2.6.6). */
    int PROTOCOL_ERROR = 1;

    int REFUSED_STREAM = 3;
    int CANCEL = 5;

    record SynStream(int stream, boolean fin, Map<String, String> headers) implements Frame {}

    record SynReply(int stream, boolean fin, Map<String, String> headers) implements Frame {}

    record RstStream(int stream, int status) implements Frame {}

    record Ping(int id) implements Frame {}

    record GoAway(int lastStream, int status) implements Frame {}

    /** More headers of an open stream: nobody needs them, but they go through the compression. */
    record Headers(int stream, boolean fin) implements Frame {}

    /**
     * @param stream 0: of the whole session
     */
    record WindowUpdate(int stream, int delta) implements Frame {}

    /** Bytes of a stream; the array is the receiver's. */
    @SuppressWarnings("ArrayRecordComponent")
    record Data(int stream, boolean fin, byte[] bytes) implements Frame {}

    /** SETTINGS, and control frames of no known type: passed over. */
    record Ignored(int type) implements Frame {}
}
