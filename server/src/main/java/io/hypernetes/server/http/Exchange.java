package io.hypernetes.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request and its answer. Exactly one of {@link #reply}, {@link #stream} and {@link #upgrade}
 * answers it.
 */
public interface Exchange {
    /** Upper case. */
    String method();

    /** As it came, percent-encoding included, without the query. */
    String path();

    Query query();

    /** The query as it came, without its question mark; empty when there is none. */
    String rawQuery();

    /** Path and query as they came. */
    default String uri() {
        return rawQuery().isEmpty() ? path() : path() + "?" + rawQuery();
    }

    /** As they came, each name once. */
    List<String> headerNames();

    /** The first value, empty when the header is missing. */
    Optional<String> header(String name);

    List<String> headers(String name);

    /** The client's certificate: it proved that it has the key, nothing more. */
    Optional<X509Certificate> certificate();

    /** Address and port of the client, for logs. */
    String peer();

    /** The body, undecoded; read it through {@link Bodies}, which bounds it. */
    InputStream body();

    /** Bytes of the body as the header announces them, -1 when it does not. */
    long announcedLength();

    /** What the client may ask of its connection. */
    HttpLimits limits();

    /** Adds a header to whatever answers it. */
    void announce(String header, String value);

    /** Answers and ends the exchange. */
    void reply(Reply reply) throws IOException;

    /**
     * Answers 200 with a body of unknown length. Each flush reaches the client; a slow client makes
     * the writer wait.
     *
     * @return the caller closes it; throws IOException once the client is gone
     */
    OutputStream stream(String contentType, Map<String, String> headers) throws IOException;

    /**
     * Passes on another server's answer, of any status, with its own headers and nothing added.
     * What is written for a HEAD or a status without a body is dropped.
     *
     * @return the caller closes it; throws IOException once the client is gone
     */
    OutputStream relay(int status, Map<String, List<String>> headers) throws IOException;

    /** Sub-protocols that the client offers for a WebSocket; empty when it asks for none. */
    List<String> offeredProtocols();

    boolean wantsWebSocket();

    /**
     * Answers 101; {@code session} then runs on a thread of its own.
     *
     * @param protocol the chosen sub-protocol, empty for none
     */
    void upgrade(String protocol, SocketSession session) throws IOException;

    /** The protocol that the client wants to change to, lower case; empty for none. */
    String wantedUpgrade();

    /**
     * Answers 101 with these headers; {@code session} then runs on a thread of its own over the
     * bare connection. HTTP/1.1 only: throws BadRequest otherwise.
     */
    void upgradeRaw(String protocol, Map<String, String> headers, RawSession session)
            throws IOException;

    boolean isAnswered();

    /** The code of the answer, 0 while there is none. */
    int status();

    /** For the annotations of the audit event: filled while the request is worked on. */
    Map<String, String> notes();
}
