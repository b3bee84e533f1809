package io.hypernetes.server.audit;

import io.hypernetes.server.access.Session;
import io.hypernetes.server.request.RequestInfo;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which requests are audited, and how: the first rule that matches decides, none means no. */
public final class AuditPolicy {
    /** Audits nothing. */
    public static final AuditPolicy NONE = new AuditPolicy(List.of());

    /**
     * What a request's events are to be.
     *
     * @param omitStages stages that leave no event
     */
    public record Match(AuditLevel level, Set<AuditStage> omitStages, boolean omitManagedFields) {}

    private static final Match UNMATCHED =
            new Match(AuditLevel.NONE, EnumSet.allOf(AuditStage.class), false);

    private final List<AuditRule> rules;

    AuditPolicy(List<AuditRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * @param yaml a Policy of {@code audit.k8s.io/v1}
     * @throws AuditPolicyException with the place of what is wrong
     */
    public static AuditPolicy parse(byte[] yaml) {
        return new AuditPolicy(AuditPolicyReader.read(yaml));
    }

    public Match match(Session session, RequestInfo info) {
        for (AuditRule rule : rules) {
            if (rule.matches(session, info)) {
                return new Match(rule.level(), rule.omitStages(), rule.omitManagedFields());
            }
        }
        return UNMATCHED;
    }
}
