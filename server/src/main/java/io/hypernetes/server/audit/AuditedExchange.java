package io.hypernetes.server.audit;

import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.http.SocketSession;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An exchange whose bodies are kept for its audit events, as far as their level wants them. */
public final class AuditedExchange implements Exchange {
    private static final int MOST_KEPT = 3 << 20;

    private final Exchange exchange;
    private final AuditTrail trail;

    public AuditedExchange(Exchange exchange, AuditTrail trail) {
        this.exchange = exchange;
        this.trail = trail;
    }

    @Override
    public InputStream body() {
        if (!trail.keepsRequests()) {
            return exchange.body();
        }
        return new Kept(exchange.body());
    }

    /** Hands the trail what has been read of the body. */
    private final class Kept extends FilterInputStream {
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

        Kept(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            if (read >= 0 && copy.size() < MOST_KEPT) {
                copy.write(read);
            } else if (read < 0) {
                trail.requested(copy.toByteArray());
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                copy.write(bytes, offset, Math.min(read, MOST_KEPT - copy.size()));
            } else if (read < 0) {
                trail.requested(copy.toByteArray());
            }
            return read;
        }
    }

    @Override
    public void reply(Reply reply) throws IOException {
        if (trail.keepsResponses() && reply.length() <= MOST_KEPT) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream((int) reply.length());
            for (byte[] chunk : reply.chunks()) {
                copy.writeBytes(chunk);
            }
            trail.responded(copy.toByteArray());
        }
        exchange.reply(reply.with("Audit-Id", trail.id()));
    }

    @Override
    public void announce(String header, String value) {
        exchange.announce(header, value);
    }

    @Override
    public OutputStream stream(String contentType, Map<String, String> headers) throws IOException {
        OutputStream out = exchange.stream(contentType, headers);
        trail.responseStarted();
        return out;
    }

    @Override
    public OutputStream relay(int status, Map<String, List<String>> headers) throws IOException {
        OutputStream out = exchange.relay(status, headers);
        trail.responseStarted();
        return out;
    }

    @Override
    public void upgrade(String protocol, SocketSession session) throws IOException {
        exchange.upgrade(protocol, session);
        trail.responseStarted();
    }

    @Override
    public void upgradeRaw(String protocol, Map<String, String> headers, RawSession session)
            throws IOException {
        exchange.upgradeRaw(protocol, headers, session);
        trail.responseStarted();
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public Query query() {
        return exchange.query();
    }

    @Override
    public String rawQuery() {
        return exchange.rawQuery();
    }

    @Override
    public List<String> headerNames() {
        return exchange.headerNames();
    }

    @Override
    public Optional<String> header(String name) {
        return exchange.header(name);
    }

    @Override
    public List<String> headers(String name) {
        return exchange.headers(name);
    }

    @Override
    public Optional<X509Certificate> certificate() {
        return exchange.certificate();
    }

    @Override
    public String peer() {
        return exchange.peer();
    }

    @Override
    public HttpLimits limits() {
        return exchange.limits();
    }

    @Override
    public long announcedLength() {
        return exchange.announcedLength();
    }

    @Override
    public List<String> offeredProtocols() {
        return exchange.offeredProtocols();
    }

    @Override
    public boolean wantsWebSocket() {
        return exchange.wantsWebSocket();
    }

    @Override
    public String wantedUpgrade() {
        return exchange.wantedUpgrade();
    }

    @Override
    public boolean isAnswered() {
        return exchange.isAnswered();
    }

    @Override
    public int status() {
        return exchange.status();
    }

    @Override
    public Map<String, String> notes() {
        return exchange.notes();
    }
}
