package io.hypernetes.server.observe;

import io.hypernetes.server.audit.AuditLog;
import io.hypernetes.server.audit.AuditPolicy;
import io.hypernetes.server.audit.TenantAudit;
import io.hypernetes.server.http.Exchange;

import java.time.InstantSource;

/**
 * Watches requests for the operator: counts and times all of them, and audits those of a policy.
 */
public final class Observer {
    private final ServerMetrics metrics;
    private final AuditPolicy policy;
    private final AuditLog log;
    private final InstantSource clock;
    private final TenantAudit tenants;

    /**
     * @param policy which requests are audited, and how much of them
     */
    public Observer(ServerMetrics metrics, AuditPolicy policy, AuditLog log, InstantSource clock) {
        this(metrics, policy, log, clock, new TenantAudit());
    }

    private Observer(
            ServerMetrics metrics,
            AuditPolicy policy,
            AuditLog log,
            InstantSource clock,
            TenantAudit tenants) {
        this.metrics = metrics;
        this.policy = policy;
        this.log = log;
        this.clock = clock;
        this.tenants = tenants;
    }

    /** The same, keeping what tenants may read of their own as the caller wishes. */
    public Observer keeping(TenantAudit kept) {
        return new Observer(metrics, policy, log, clock, kept);
    }

    /** Metrics alone. */
    public static Observer unaudited(ServerMetrics metrics) {
        return new Observer(metrics, AuditPolicy.NONE, AuditLog.NOWHERE, InstantSource.system());
    }

    public ServerMetrics metrics() {
        return metrics;
    }

    /** What tenants may read of their own. */
    public TenantAudit tenants() {
        return tenants;
    }

    public Observation begin(Exchange exchange) {
        return new Observation(exchange, metrics, policy, log, tenants, clock);
    }
}
