package io.hypernetes.server.jetty;

import io.hypernetes.api.ApiException;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.request.MediaRange;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.exceptions.WebSocketException;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** A request of Jetty's as the server sees it. Used by the request's thread alone. */
final class JettyExchange implements Exchange {
    /** Bodies shorter than this go uncompressed, as upstream's. */
    private static final int COMPRESSED_FROM = 128 * 1024;

    private static final int SWITCHING = 101;

    /** What is taken off the line of a body that is refused for its length. */
    private static final long TOO_LARGE_BYTES = 64L << 20;

    /** From here on an answer may come before its request's body was read. */
    private static final int REFUSED = 400;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ServerWebSocketContainer sockets;
    private final HttpLimits limits;
    private final Query query;
    private final Map<String, String> notes = new LinkedHashMap<>();
    private boolean answered;
    private int status;

    /** The WebSocket container completes the callback of a request that it upgrades. */
    private boolean handedOver;

    JettyExchange(
            Request request,
            Response response,
            Callback callback,
            ServerWebSocketContainer sockets,
            HttpLimits limits) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.sockets = sockets;
        this.limits = limits;
        String raw = request.getHttpURI().getQuery();
        this.query = raw == null ? Query.EMPTY : Query.parse(raw);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null ? "/" : path;
    }

    @Override
    public Query query() {
        return query;
    }

    @Override
    public Optional<String> header(String name) {
        Optional<String> sent = Optional.ofNullable(request.getHeaders().get(name));
        // HTTP/2 has a pseudo-header in its place.
        return sent.isEmpty() && name.equals("Host")
                ? Optional.ofNullable(request.getHttpURI().getAuthority())
                : sent;
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public Optional<X509Certificate> certificate() {
        Object data = request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
        if (data instanceof EndPoint.SslSessionData session) {
            X509Certificate[] chain = session.peerCertificates();
            if (chain != null && chain.length > 0) {
                return Optional.of(chain[0]);
            }
        }
        return Optional.empty();
    }

    @Override
    public String peer() {
        return Request.getRemoteAddr(request) + ":" + Request.getRemotePort(request);
    }

    @Override
    public InputStream body() {
        return Content.Source.asInputStream(request);
    }

    @Override
    public long announcedLength() {
        return request.getLength();
    }

    @Override
    public HttpLimits limits() {
        return limits;
    }

    @Override
    public void announce(String header, String value) {
        response.getHeaders().put(header, value);
    }

    @Override
    public void reply(Reply answer) throws IOException {
        Reply reply =
                answer.contentType().startsWith("application/json") && query().flag("pretty")
                        ? answer.pretty()
                        : answer;
        begin(reply.status(), reply.contentType());
        reply.headers().forEach((name, values) -> response.getHeaders().put(name, values));
        if (method().equals("HEAD")) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.length());
            write(true, ByteBuffer.allocate(0));
        } else if (reply.length() >= COMPRESSED_FROM && acceptsGzip()) {
            compress(reply.chunks(), reply.length());
        } else {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.length());
            write(reply.chunks(), reply.length());
        }
    }

    private void write(List<byte[]> chunks, long length) throws IOException {
        if (length <= Pieces.LENGTH && chunks.size() <= 1) {
            write(true, ByteBuffer.wrap(chunks.isEmpty() ? new byte[0] : chunks.getFirst()));
            return;
        }
        Pieces.write(chunks, length, this::write);
    }

    private boolean acceptsGzip() {
        return acceptsGzip(headers("Accept-Encoding"));
    }

    /** Whether gzip is named, or covered by a wildcard, and not refused by {@code q=0}. */
    static boolean acceptsGzip(List<String> headers) {
        List<MediaRange> codings =
                headers.stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(MediaRange::parse)
                        .toList();
        return codings.stream()
                .filter(coding -> coding.type().equals("gzip"))
                .findFirst()
                .or(() -> codings.stream().filter(c -> c.type().equals("*")).findFirst())
                .filter(coding -> coding.quality() > 0)
                .isPresent();
    }

    /** As upstream: lists shrink to a tenth at the lowest level already. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 64 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private void compress(List<byte[]> chunks, long length) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new PatientStream(response, patienceMillis());
                FastGzip gzip = new FastGzip(compressed)) {
            Pieces.write(
                    chunks,
                    length,
                    (_, bytes) -> {
                        try (Pace.Turn _ = Pace.turn(bytes.remaining())) {
                            gzip.write(bytes.array(), 0, bytes.remaining());
                        }
                        send(compressed, out);
                    });
            gzip.finish();
            send(compressed, out);
        }
    }

    private static void send(ByteArrayOutputStream compressed, OutputStream out)
            throws IOException {
        compressed.writeTo(out);
        compressed.reset();
    }

    @Override
    public OutputStream stream(String contentType, Map<String, String> headers) throws IOException {
        begin(200, contentType);
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        // The headers leave at once: a client of a quiet watch must see that it is open.
        write(false, ByteBuffer.allocate(0));
        return new GatheringStream(silentForLong());
    }

    @Override
    public String rawQuery() {
        String raw = request.getHttpURI().getQuery();
        return raw == null ? "" : raw;
    }

    @Override
    public List<String> headerNames() {
        return List.copyOf(request.getHeaders().getFieldNamesCollection());
    }

    @Override
    public OutputStream relay(int status, Map<String, List<String>> headers) throws IOException {
        if (answered) {
            throw new IllegalStateException("answered already");
        }
        answered = true;
        response.setStatus(status);
        headers.forEach((name, values) -> response.getHeaders().put(name, values));
        if (method().equals("HEAD") || status == 204 || status == 304) {
            write(true, ByteBuffer.allocate(0));
            return OutputStream.nullOutputStream();
        }
        return silentForLong();
    }

    private void begin(int status, String contentType) {
        if (answered) {
            throw new IllegalStateException("answered already");
        }
        answered = true;
        this.status = status;
        response.setStatus(status);
        if (!contentType.isEmpty()) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
    }

    /** A watch's own end bounds it, not the silence on its connection. */
    private PatientStream silentForLong() {
        request.addIdleTimeoutListener(_ -> false);
        return new PatientStream(response, patienceMillis());
    }

    /** For a reader who takes nothing: as long as for a connection over which nothing goes. */
    private long patienceMillis() {
        return request.getConnectionMetaData().getConnector().getIdleTimeout();
    }

    private void write(boolean last, ByteBuffer bytes) throws IOException {
        PatientStream.write(response, last, bytes, patienceMillis());
    }

    @Override
    public List<String> offeredProtocols() {
        return headers("Sec-WebSocket-Protocol").stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty())
                .toList();
    }

    @Override
    public boolean wantsWebSocket() {
        return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    @Override
    public void upgrade(String protocol, SocketSession session) throws IOException {
        if (answered) {
            throw new IllegalStateException("answered already");
        }
        answered = true;
        status = SWITCHING;
        try {
            handedOver =
                    sockets.upgrade(
                            (upgrade, reply, done) -> {
                                if (!protocol.isEmpty()) {
                                    reply.setAcceptedSubProtocol(protocol);
                                }
                                return new JettySocket(session, limits.idle());
                            },
                            request,
                            response,
                            callback);
        } catch (WebSocketException e) {
            throw new IOException("the WebSocket handshake failed: " + e.getMessage(), e);
        }
        if (!handedOver) {
            throw new IOException("no WebSocket handshake");
        }
    }

    @Override
    public String wantedUpgrade() {
        String protocol = request.getHeaders().get(HttpHeader.UPGRADE);
        return protocol == null ? "" : protocol.toLowerCase(Locale.ROOT);
    }

    @Override
    public void upgradeRaw(String protocol, Map<String, String> headers, RawSession session)
            throws IOException {
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
            throw ApiException.badRequest("unable to upgrade: this needs HTTP/1.1");
        }
        begin(HttpStatus.SWITCHING_PROTOCOLS_101, "");
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        response.getHeaders().put(HttpHeader.UPGRADE, protocol);
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        request.setAttribute(
                HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new JettyRawConnection(endPoint, request.getComponents().getExecutor(), session));
        write(true, ByteBuffer.allocate(0));
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Map<String, String> notes() {
        return notes;
    }

    void complete() throws InterruptedException {
        if (!handedOver) {
            // Who waits for "100 Continue" sends nothing after a refusal.
            if (status >= REFUSED && !request.getHeaders().contains(HttpHeader.EXPECT)) {
                boolean tooLarge = status == HttpStatus.PAYLOAD_TOO_LARGE_413;
                Leftovers.drop(request, tooLarge ? TOO_LARGE_BYTES : limits.bodyBytes());
            }
            callback.succeeded();
        }
    }

    void fail(Throwable cause) {
        if (!handedOver) {
            callback.failed(cause);
        }
    }
}
