package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.server.output.Statuses;
import io.hypernetes.server.registry.DeleteRequest;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.WriteCall;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceRequest;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code pods/eviction}: a deletion that the pod's disruption budget must allow. Whoever evicts
 * takes one disruption off the budget first, by a write that fails when another was faster.
 */
final class Evictions {
    private static final int MOST_UNCONFIRMED = 2000;
    private static final int RETRY_SECONDS = 10;

    private final Registry registry;
    private static final GroupVersionKind EVICTION =
            new GroupVersionKind("policy", "v1", "Eviction");

    private final Decoding decoding;
    private final ActionAdmission admission;

    Evictions(Registry registry, Decoding decoding, ActionAdmission admission) {
        this.admission = admission;
        this.registry = registry;
        this.decoding = decoding;
    }

    void handle(ResourceRequest request) throws IOException, InterruptedException {
        ObjectNode eviction = decoding.object(request.exchange());
        String name = request.info().name();
        if (!Metadata.name(eviction).equals(name)) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        admission.create(request, EVICTION, eviction);
        Optional<ObjectNode> options =
                eviction.get("deleteOptions") instanceof ObjectNode given
                        ? Optional.of(given)
                        : Optional.empty();
        DeleteRequest asked = DeleteRequest.of(options, request.query());
        WriteCall call = asked.dryRun() ? request.call().dry() : request.call();
        evict(call, request, name, asked);
        request.reply(request.answers().tree(201, Statuses.success(201)));
    }

    private void evict(WriteCall call, ResourceRequest request, String name, DeleteRequest asked)
            throws InterruptedException {
        ResourceType pods = request.type();
        String namespace = request.namespace();
        Served pod = registry.reads().get(pods, call.tenant(), namespace, name);
        if (isOutsideBudgets(pod.tree())) {
            registry.writes().delete(call, pods, namespace, name, asked);
            return;
        }
        Optional<ResourceType> type =
                registry.types().find(call.tenant(), "policy", "v1", "poddisruptionbudgets");
        List<Served> budgets =
                type.isEmpty() ? List.of() : budgets(type.get(), call, namespace, pod.tree());
        if (budgets.size() > 1) {
            throw ApiException.of(
                    Reason.INTERNAL_ERROR,
                    "This pod has more than one PodDisruptionBudget, which the eviction"
                            + " subresource does not support.");
        }
        if (type.isEmpty() || budgets.isEmpty()) {
            registry.writes().delete(call, pods, namespace, name, asked);
            return;
        }
        Served budget = budgets.getFirst();
        if (!isReady(pod.tree()) && sparesUnready(budget.tree())) {
            evictUnready(call, request, pod, asked, budget.path().name());
            return;
        }
        registry.writes()
                .change(
                        call,
                        type.get(),
                        namespace,
                        budget.path().name(),
                        "status",
                        current -> takeOne(current, name));
        registry.writes().delete(call, pods, namespace, name, asked);
    }

    /** A pod that serves nobody yet or any more may go whatever its budget says. */
    private static boolean isOutsideBudgets(ObjectNode pod) {
        return Metadata.isBeingDeleted(pod)
                || switch (pod.path("status").path("phase").asString("")) {
                    case "Succeeded", "Failed", "Pending" -> true;
                    default -> false;
                };
    }

    private List<Served> budgets(
            ResourceType type, WriteCall call, String namespace, ObjectNode pod) {
        List<Served> matching = new ArrayList<>();
        Extent all =
                new Extent(type, Optional.of(call.tenant()), namespace, ObjectFilter.EVERYTHING);
        for (Served budget : registry.reads().listCurrent(all)) {
            JsonNode selector = budget.tree().path("spec").path("selector");
            if (selector.isObject() && matches(selector, pod)) {
                matching.add(budget);
            }
        }
        return matching;
    }

    private static boolean matches(JsonNode selector, ObjectNode pod) {
        try {
            return LabelSelector.fromObject(selector).matches(pod);
        } catch (ApiException | IllegalArgumentException e) {
            return false; // a selector that is none selects nothing
        }
    }

    private static boolean isReady(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }

    /** KEP-3017: pods that are not ready do not count, when the rest is enough or always. */
    private static boolean sparesUnready(ObjectNode budget) {
        if (budget.path("spec")
                .path("unhealthyPodEvictionPolicy")
                .asString("")
                .equals("AlwaysAllow")) {
            return true;
        }
        JsonNode status = budget.path("status");
        long desired = status.path("desiredHealthy").asLong(0);
        return desired > 0 && status.path("currentHealthy").asLong(0) >= desired;
    }

    /** Only while it stays as it was looked at: it might become ready, and count. */
    private void evictUnready(
            WriteCall call, ResourceRequest request, Served pod, DeleteRequest asked, String budget)
            throws InterruptedException {
        boolean own = asked.resourceVersion().isEmpty();
        DeleteRequest bound = own ? asked.at(Long.toString(pod.revision())) : asked;
        try {
            registry.writes()
                    .delete(call, request.type(), request.namespace(), pod.path().name(), bound);
        } catch (ApiException e) {
            throw own && e.is(Reason.CONFLICT) ? beingProcessed(budget) : e;
        }
    }

    private static void takeOne(ObjectNode budget, String pod) {
        String name = Metadata.name(budget);
        JsonNode before = budget.path("status");
        if (before.path("observedGeneration").asLong(0)
                < budget.path("metadata").path("generation").asLong(0)) {
            throw beingProcessed(name);
        }
        long allowed = before.path("disruptionsAllowed").asLong(0);
        GroupResource resource = new GroupResource("policy", "poddisruptionbudget");
        if (allowed < 0) {
            throw ApiException.forbidden(resource, name, "pdb disruptions allowed is negative");
        }
        if (before.path("disruptedPods").size() > MOST_UNCONFIRMED) {
            throw ApiException.forbidden(
                    resource,
                    name,
                    "DisruptedPods map too big - too many evictions not confirmed by PDB"
                            + " controller");
        }
        if (allowed == 0) {
            throw tooMany(
                    "The disruption budget %s needs %d healthy pods and has %d currently"
                            .formatted(
                                    name,
                                    before.path("desiredHealthy").asLong(0),
                                    before.path("currentHealthy").asLong(0)),
                    0);
        }
        ObjectNode status = (ObjectNode) before;
        status.put("disruptionsAllowed", allowed - 1);
        ObjectNode disrupted =
                status.get("disruptedPods") instanceof ObjectNode present
                        ? present
                        : status.putObject("disruptedPods");
        disrupted.put(pod, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static ApiException beingProcessed(String budget) {
        return tooMany(
                "The disruption budget " + budget + " is still being processed by the server.",
                RETRY_SECONDS);
    }

    private static ApiException tooMany(String cause, int retryAfterSeconds) {
        return new ApiException(
                new Status(
                        Reason.TOO_MANY_REQUESTS.code(),
                        Reason.TOO_MANY_REQUESTS,
                        "Cannot evict pod as it would violate the pod's disruption budget.",
                        Optional.of(
                                new Details(
                                        "",
                                        "",
                                        "",
                                        "",
                                        List.of(new Cause("DisruptionBudget", cause, "")),
                                        retryAfterSeconds))));
    }
}
