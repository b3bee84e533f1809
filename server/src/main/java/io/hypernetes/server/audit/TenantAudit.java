package io.hypernetes.server.audit;

import io.hypernetes.api.Tenant;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.request.RequestInfo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What tenants' users have lately asked to change, for each tenant to read of its own: audit events
 * of the level Metadata, in memory and, where a file is given, in that too, the oldest forgotten
 * first. Reads leave none, and neither do an operator's requests. Any thread may use it.
 */
public final class TenantAudit {
    private static final long MOST_BYTES = 256L << 10;
    private static final long MOST_BYTES_OF_ALL = 64L << 20;
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final AuditPolicy.Match METADATA =
            new AuditPolicy.Match(
                    AuditLevel.METADATA,
                    EnumSet.of(AuditStage.RequestReceived, AuditStage.ResponseStarted),
                    true);

    private final ConcurrentHashMap<Tenant, Recent> tenants = new ConcurrentHashMap<>();
    private final AuditLog file;

    /** In memory alone. */
    public TenantAudit() {
        this.file = AuditLog.NOWHERE;
    }

    /**
     * With what is kept in a file, and keeps what comes there.
     *
     * @throws IOException when the file cannot be read or written
     */
    public TenantAudit(Path path) throws IOException {
        TenantAuditFile.read(path, this::remember);
        this.file = new TenantAuditFile(path, this::everything);
    }

    /** Ends with the file, when all that came is in it. */
    public void close() {
        file.close();
    }

    private void remember(TenantAuditFile.Line line) {
        add(new Tenant(line.tenant()), new Kept(line.at(), line.event()));
    }

    private void add(Tenant tenant, Kept event) {
        Recent recent = tenants.computeIfAbsent(tenant, _ -> new Recent());
        long share = MOST_BYTES_OF_ALL / Math.max(1, tenants.size());
        recent.add(event, Math.min(MOST_BYTES, share));
    }

    /** All that is remembered, for a file that has grown. */
    private List<byte[]> everything() {
        return tenants.values().stream()
                .flatMap(recent -> recent.since(Instant.MIN).stream())
                .toList();
    }

    private record Kept(Instant at, byte[] event) {}

    /** One tenant's; guarded by itself. */
    private static final class Recent {
        private final Deque<Kept> kept = new ArrayDeque<>();
        private long bytes;

        synchronized void add(Kept event, long most) {
            kept.add(event);
            bytes += event.event().length;
            while (bytes > most && kept.size() > 1) {
                bytes -= kept.remove().event().length;
            }
        }

        synchronized List<byte[]> since(Instant begin) {
            return kept.stream()
                    .filter(event -> !event.at().isBefore(begin))
                    .map(Kept::event)
                    .toList();
        }
    }

    /** A trail for a request that is kept. */
    public Optional<AuditTrail> begin(
            Exchange exchange,
            Session session,
            RequestInfo info,
            boolean lasting,
            InstantSource clock) {
        Optional<Tenant> tenant = session.world().filter(world -> !world.isSystem());
        boolean reads = READS.contains(info.verb()) && info.subresource().isEmpty();
        if (tenant.isEmpty() || reads || !info.isResource() || session.identity().operator()) {
            return Optional.empty();
        }
        return Optional.of(
                new AuditTrail(
                        METADATA,
                        exchange,
                        session,
                        info,
                        lasting,
                        new Log(tenant.get(), clock),
                        clock));
    }

    private final class Log implements AuditLog {
        private final Tenant tenant;
        private final InstantSource clock;

        Log(Tenant tenant, InstantSource clock) {
            this.tenant = tenant;
            this.clock = clock;
        }

        @Override
        public void write(byte[] event) {
            add(tenant, new Kept(clock.instant(), event));
            file.write(event);
        }

        @Override
        public void close() {}
    }

    /**
     * The tenant's events, oldest first.
     *
     * @param begin when the tenant was made: what is older is of another of the same name
     */
    List<byte[]> of(Tenant tenant, Instant begin) {
        Recent recent = tenants.get(tenant);
        return recent == null ? List.of() : recent.since(begin);
    }
}
