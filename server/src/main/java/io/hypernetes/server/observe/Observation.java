package io.hypernetes.server.observe;

import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.audit.AuditLog;
import io.hypernetes.server.audit.AuditPolicy;
import io.hypernetes.server.audit.AuditTrail;
import io.hypernetes.server.audit.AuditedExchange;
import io.hypernetes.server.audit.TenantAudit;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.request.RequestInfo;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Optional;

/** One request, from its first line to its last byte. Used by the request's thread alone. */
public final class Observation implements Gate.Witness {
    private final ServerMetrics metrics;
    private final AuditPolicy policy;
    private final AuditLog log;
    private final TenantAudit tenants;
    private final InstantSource clock;
    private final long begin = System.nanoTime();
    private Exchange exchange;
    private ServerMetrics.@Nullable Request request;
    private @Nullable AuditTrail trail;
    private Optional<AuditTrail> ownTrail = Optional.empty();

    Observation(
            Exchange exchange,
            ServerMetrics metrics,
            AuditPolicy policy,
            AuditLog log,
            TenantAudit tenants,
            InstantSource clock) {
        this.exchange = exchange;
        this.metrics = metrics;
        this.policy = policy;
        this.log = log;
        this.tenants = tenants;
        this.clock = clock;
    }

    /** The exchange to answer: once the caller is known it may be one that takes notes. */
    public Exchange exchange() {
        return exchange;
    }

    @Override
    public Exchange known(Session session, RequestInfo info, boolean lasting) {
        request = metrics.begin(session, info, exchange.query(), lasting);
        ownTrail = tenants.begin(exchange, session, info, lasting, clock);
        AuditPolicy.Match match = policy.match(session, info);
        if (!match.level().isNone()) {
            AuditTrail begun = new AuditTrail(match, exchange, session, info, lasting, log, clock);
            trail = begun;
            exchange = new AuditedExchange(exchange, begun);
        }
        return exchange;
    }

    /**
     * @param failure what ended the request without an answer of its own
     */
    public void end(Optional<Throwable> failure) {
        ServerMetrics.Request counted = request;
        if (counted == null) {
            metrics.refusedAtTheDoor(exchange.status());
        } else {
            metrics.end(counted, exchange.status(), System.nanoTime() - begin);
        }
        ownTrail.ifPresent(own -> own.end(exchange.status(), failure));
        AuditTrail audited = trail;
        if (audited != null) {
            audited.end(exchange.status(), failure);
        }
    }
}
