package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.server.admission.AdmissionWitness.Step;
import io.hypernetes.server.matching.DeviceSelectors;
import io.hypernetes.server.matching.ExpressionRules;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.policy.MutatingPolicies;
import io.hypernetes.server.policy.PolicyExpressions;
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
    private final LateWitness witness = new LateWitness();

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
                        new PodTopologyLabels(reads),
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
                        new PolicyExpressions(),
                        new DeviceSelectors(),
                        new DeviceAdminAccess(reads),
                        new MutatingPolicies(types, reads),
                        new MutatingWebhooks(types, reads, dialer, witness),
                        new RequesterStamp(),
                        new ValidatingPolicies(types, reads),
                        new ValidatingWebhooks(types, reads, dialer, witness));
    }

    /** From now on this one sees what is admitted. */
    public void observedBy(AdmissionWitness observer) {
        witness.use(observer);
    }

    public void mutate(AdmissionRequest request) throws InterruptedException {
        long start = System.nanoTime();
        boolean rejected = true;
        try {
            mutateOnce(request);
            if (request.passes().beginSecond()) {
                mutateOnce(request);
            }
            rejected = false;
        } finally {
            stepped(Step.ADMIT, request, rejected, start);
        }
    }

    private void mutateOnce(AdmissionRequest request) throws InterruptedException {
        for (AdmissionController controller : controllers) {
            try {
                controller.mutate(request);
            } catch (ApiException e) {
                throw rejected(controller, request, e);
            }
        }
    }

    /** What must still be true when the write is stored. */
    public List<Compare> validate(AdmissionRequest request) throws InterruptedException {
        long start = System.nanoTime();
        boolean rejected = true;
        List<Compare> conditions = new ArrayList<>();
        try {
            for (AdmissionController controller : controllers) {
                try {
                    conditions.addAll(controller.validate(request));
                } catch (ApiException e) {
                    throw rejected(controller, request, e);
                }
            }
            rejected = false;
        } finally {
            stepped(Step.VALIDATE, request, rejected, start);
        }
        return conditions;
    }

    private void stepped(Step step, AdmissionRequest request, boolean rejected, long start) {
        witness.stepped(step, request.operation(), rejected, System.nanoTime() - start);
    }

    private ApiException rejected(
            AdmissionController controller, AdmissionRequest request, ApiException refusal) {
        witness.rejected(controller.getClass().getSimpleName(), request.operation());
        return refusal;
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
