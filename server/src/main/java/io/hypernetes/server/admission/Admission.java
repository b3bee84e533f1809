package io.hypernetes.server.admission;

import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.server.matching.ExpressionRules;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.policy.MutatingPolicies;
import io.hypernetes.server.policy.ValidatingPolicies;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.webhook.MutatingWebhooks;
import io.hypernetes.server.webhook.ValidatingWebhooks;
import io.hypernetes.store.Compare;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All admission controllers, in upstream's order: the built-in ones, then mutating policies and
 * webhooks, validating policies and webhooks, and at the very end what counts ({@code
 * ResourceQuota}), so that nothing is counted that is refused later.
 */
public final class Admission {
    private final List<AdmissionController> controllers;
    private final ResourceQuota quotas;
    private final Turns turns = new Turns();

    /**
     * @param security of new tenants that do not say it themselves
     */
    public Admission(
            WorldTypes types,
            Reads reads,
            SchemaRules.Compiler rules,
            LateDialer dialer,
            TenantSecurity security) {
        quotas = new ResourceQuota(reads, Clock.systemUTC());
        controllers =
                List.of(
                        new TenantSuspension(reads),
                        new NamespaceLifecycle(reads),
                        new TenantDefaults(security),
                        new CreatorStamp(),
                        new LimitRanger(reads),
                        new ServiceAccountDefault(reads),
                        new AlwaysPullImages(reads),
                        new NodeTaint(),
                        new PodIsolationAdmission(),
                        new PodSecurity(reads),
                        new PodPriority(reads),
                        new DefaultTolerations(),
                        new DefaultStorageClass(reads),
                        new StorageObjectInUse(),
                        new ClaimResize(reads),
                        new PodRuntimeClass(reads),
                        new SigningRequests(),
                        new DefaultIngressClass(reads),
                        new SharedTypeGuard(),
                        new GrantGuard(),
                        new SystemTenantGuard(),
                        new TenantAllowances(reads),
                        new NodePortServices(reads),
                        new NodeRestriction(reads),
                        new DefinitionRules(rules),
                        new ExpressionRules(),
                        new MutatingPolicies(types, reads),
                        new MutatingWebhooks(types, reads, dialer),
                        new RequesterStamp(),
                        new ValidatingPolicies(types, reads),
                        new ValidatingWebhooks(types, reads, dialer));
    }

    public void mutate(AdmissionRequest request) throws InterruptedException {
        for (AdmissionController controller : controllers) {
            controller.mutate(request);
        }
        if (request.passes().beginSecond()) {
            for (AdmissionController controller : controllers) {
                controller.mutate(request);
            }
        }
    }

    /** What must still be true when the write is stored. */
    public List<Compare> validate(AdmissionRequest request) throws InterruptedException {
        List<Compare> conditions = new ArrayList<>();
        for (AdmissionController controller : controllers) {
            conditions.addAll(controller.validate(request));
        }
        return conditions;
    }

    /** Writes an object together with what it is charged for. */
    public interface ChargedWrite<T> {
        T write(Charge charge) throws InterruptedException;
    }

    /**
     * Last of all, when nothing can refuse the write any more: charges the quotas of its namespace
     * and of its tenant. Throws Forbidden when they do not allow it.
     */
    public <T> T charged(AdmissionRequest request, ChargedWrite<T> write)
            throws InterruptedException {
        if (!quotas.concerns(request)) {
            return write.write(Charge.NOTHING);
        }
        String namespace = quotas.concernsTenant(request) ? "" : request.namespace();
        ReentrantLock turn = turns.of(request.call().tenant(), namespace);
        turn.lockInterruptibly();
        try {
            return write.write(quotas.charge(request));
        } finally {
            turn.unlock();
        }
    }

    /** Both phases, for what is not stored: connections, and subresources that are actions. */
    public void admit(AdmissionRequest request) throws InterruptedException {
        mutate(request);
        validate(request);
    }
}
