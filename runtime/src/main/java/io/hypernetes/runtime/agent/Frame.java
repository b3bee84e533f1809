package io.hypernetes.runtime.agent;

/**
 * A message of the channel, without its length and coding.
 *
 * @param type one of the constants here, one byte
 * @param id of the request or stream it belongs to
 */
@SuppressWarnings("ArrayRecordComponent")
record Frame(int type, int id, byte[] payload) {

    static final int HELLO = 1;
    static final int REQUEST = 2;
    static final int PART = 3;
    static final int DATA = 4;
    static final int END = 5;
    static final int CREDIT = 6;
    static final int RESIZE = 7;
    static final int CLOSE = 8;
    static final int WELCOME = 0x81;
    static final int REPLY = 0x82;
    static final int EXIT = 0x83;
    static final int CONTAINER_EXIT = 0x84;

    /** Length field (4), type (1) and id (4) included. */
    static final int MAX_BYTES = 65536;

    static final int HEADER_BYTES = 9;
    static final int MAX_PAYLOAD = MAX_BYTES - HEADER_BYTES;
}
