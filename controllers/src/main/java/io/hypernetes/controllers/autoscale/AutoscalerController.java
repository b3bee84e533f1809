package io.hypernetes.controllers.autoscale;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives targets of HorizontalPodAutoscalers the size that their metrics ask for, looking at each
 * every 15 s as upstream. Metrics of type Resource and ContainerResource come from the nodes; those
 * of the custom and external metrics APIs are answered as on a cluster without such APIs.
 */
public final class AutoscalerController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;
    private static final Duration PERIOD = Duration.ofSeconds(15);

    private final Client client;
    private final WorldTypes types;
    private final UsageSource usages;
    private final Clock clock;
    private final Informer pods;
    private final Informer autoscalers;
    private final EventRecorder events;
    private final Controller<ObjectKey> controller;

    /** By the autoscalers' uids. */
    private final Map<String, ScalingBehavior> behaviors = new ConcurrentHashMap<>();

    /**
     * @param pods of all tenants; stays the caller's to close
     */
    public AutoscalerController(
            Client client, WorldTypes types, UsageSource usages, Informer pods, Clock clock) {
        this.client = client;
        this.types = types;
        this.usages = usages;
        this.clock = clock;
        this.pods = pods;
        this.autoscalers = new Informer(client, WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS);
        this.events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "horizontal-pod-autoscaler", clock);
        this.controller = new Controller<>("horizontalpodautoscaler", WORKERS, this);
        autoscalers.listen((key, old, current) -> {
            boolean news =
                    old.isEmpty()
                            || current.isEmpty()
                            || !old.get().path("spec").equals(current.get().path("spec"));
            if (news) {
                controller.enqueue(key);
            }
            if (current.isEmpty()) {
                old.ifPresent(gone -> behaviors.remove(Metadata.uid(gone)));
            }
        });
    }

    public AutoscalerController start() {
        pods.start();
        autoscalers.start();
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        autoscalers.close();
    }

    /** What is scaled, and how many there are. */
    private record Target(
            ResourceType type,
            ObjectKey key,
            ObjectNode object,
            int replicas,
            LabelSelector selector) {}

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        autoscalers.awaitSynced();
        pods.awaitSynced();
        Optional<ObjectNode> found = autoscalers.get(key);
        if (found.isEmpty() || Metadata.isBeingDeleted(found.get())) {
            return DONE;
        }
        Look look = new Look(key, found.get(), clock.instant());
        try {
            scale(look, target(look));
        } catch (ApiException e) {
            look.condition(
                    "AbleToScale",
                    "False",
                    "FailedGetScale",
                    "the HPA controller was unable to get the target's current scale: "
                            + e.status().message());
            look.warn("FailedGetScale", e.status().message());
        }
        look.write();
        return Reconciler.again(PERIOD);
    }

    private Target target(Look look) {
        JsonNode reference = look.spec().path("scaleTargetRef");
        String version = reference.path("apiVersion").asString("");
        int slash = version.indexOf('/');
        GroupVersionKind kind =
                new GroupVersionKind(
                        slash < 0 ? "" : version.substring(0, slash),
                        version.substring(slash + 1),
                        reference.path("kind").asString(""));
        ResourceType type =
                types.of(look.key.tenant())
                        .find(kind)
                        .orElseThrow(() ->
                                ApiException.badRequest(
                                        "no matches for kind \"%s\" in group \"%s\""
                                                .formatted(kind.kind(), kind.group())));
        ObjectKey key =
                new ObjectKey(
                        look.key.tenant(),
                        look.key.namespace(),
                        reference.path("name").asString(""));
        ObjectNode object = client.get(type, key);
        JsonNode replicas = at(object, type.strategy().scale().replicas());
        return new Target(type, key, object, replicas.asInt(1), selector(type, object));
    }

    private static JsonNode at(ObjectNode object, List<String> path) {
        JsonNode node = object;
        for (String field : path) {
            node = node.path(field);
        }
        return node;
    }

    /** An object of the spec's form, the old form of a map of labels, or the query form. */
    private static LabelSelector selector(ResourceType type, ObjectNode object) {
        JsonNode selector = at(object, type.strategy().scale().selector());
        if (selector.isString()) {
            return LabelSelector.parse(selector.stringValue());
        }
        boolean labels =
                selector.isObject()
                        && !selector.isEmpty()
                        && !selector.has("matchLabels")
                        && !selector.has("matchExpressions");
        return LabelSelector.fromObject(
                labels ? Json.object().set("matchLabels", selector.deepCopy()) : selector);
    }

    private void scale(Look look, Target target) {
        look.condition(
                "AbleToScale",
                "True",
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        int current = target.replicas();
        int least = look.spec().path("minReplicas").asInt(1);
        int most = look.spec().path("maxReplicas").asInt(1);
        look.current = current;
        look.desired = current;
        String why = "";
        if (current == 0 && least != 0) {
            look.desired = 0;
            look.condition(
                    "ScalingActive",
                    "False",
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
            return;
        } else if (current > most) {
            why = "Current number of replicas above Spec.MaxReplicas";
            look.desired = most;
        } else if (current < least) {
            why = "Current number of replicas below Spec.MinReplicas";
            look.desired = least;
        } else {
            Optional<Proposal.Replicas> best = propose(look, target);
            if (best.isEmpty()) {
                return;
            }
            why =
                    best.get().count() > current
                            ? best.get().metric() + " above target"
                            : "All metrics below target";
            limit(look, best.get().count());
        }
        if (look.desired != current) {
            resize(look, target, why);
        }
    }

    /** The largest of what the metrics ask for; empty when they cannot tell. */
    private Optional<Proposal.Replicas> propose(Look look, Target target) {
        List<ObjectNode> mine =
                pods.objects(look.key.tenant(), look.key.namespace()).stream()
                        .filter(target.selector()::matches)
                        .toList();
        Optional<Proposal.Replicas> best = Optional.empty();
        Optional<Proposal.Unknown> failure = Optional.empty();
        for (JsonNode metric : look.spec().path("metrics")) {
            switch (propose(look, (ObjectNode) metric, mine)) {
                case Proposal.Replicas one -> {
                    look.metrics.add(one.status());
                    best = best.filter(b -> b.count() >= one.count()).or(() -> Optional.of(one));
                }
                case Proposal.Unknown one -> {
                    look.warn(one.reason(), one.message());
                    failure = failure.or(() -> Optional.of(one));
                }
            }
        }
        // With a metric unknown the others may ask for more, never for less.
        if (failure.isPresent() && best.filter(b -> b.count() > target.replicas()).isEmpty()) {
            String message = "the HPA was unable to compute the replica count: ";
            look.condition(
                    "ScalingActive",
                    "False",
                    failure.get().reason(),
                    message + failure.get().message());
            look.warn(
                    "FailedComputeMetricsReplicas",
                    "invalid metrics (%d invalid out of %d), first error is: %s"
                            .formatted(
                                    look.spec().path("metrics").size() - look.metrics.size(),
                                    look.spec().path("metrics").size(),
                                    failure.get().message()));
            return Optional.empty();
        }
        best.ifPresent(one ->
                look.condition(
                        "ScalingActive",
                        "True",
                        "ValidMetricFound",
                        "the HPA was able to successfully calculate a replica count from "
                                + one.metric()));
        return best;
    }

    private Proposal propose(Look look, ObjectNode metric, List<ObjectNode> mine) {
        String type = metric.path("type").asString("");
        return switch (type) {
            case "Resource", "ContainerResource" ->
                    ResourceMetric.of(metric)
                            .propose(look.key.tenant(), mine, usages, look.current, look.now);
            default ->
                    new Proposal.Unknown(
                            "FailedGet" + type + "Metric",
                            "unable to get metric: no "
                                    + (type.equals("External") ? "external" : "custom")
                                    + " metrics API (%s.metrics.k8s.io) registered"
                                            .formatted(
                                                    type.equals("External")
                                                            ? "external"
                                                            : "custom"));
        };
    }

    private void limit(Look look, int proposed) {
        ScalingBehavior.Allowed allowed =
                behaviors
                        .computeIfAbsent(Metadata.uid(look.seen), _ -> new ScalingBehavior())
                        .allow(look.spec(), look.current, proposed, look.now);
        look.desired = allowed.replicas();
        if (allowed.stabilized()) {
            boolean up = proposed > allowed.replicas();
            look.condition(
                    "AbleToScale",
                    "True",
                    up ? "ScaleUpStabilized" : "ScaleDownStabilized",
                    up
                            ? "recent recommendations were lower than current one, applying the"
                                    + " lowest recent recommendation"
                            : "recent recommendations were higher than current one, applying the"
                                    + " highest recent recommendation");
        } else {
            look.condition(
                    "AbleToScale",
                    "True",
                    "ReadyForNewScale",
                    "recommended size matches current size");
        }
        boolean limited = !allowed.reason().isEmpty();
        look.condition(
                "ScalingLimited",
                limited ? "True" : "False",
                limited ? allowed.reason() : "DesiredWithinRange",
                limited ? allowed.message() : "the desired count is within the acceptable range");
    }

    private void resize(Look look, Target target, String why) {
        ObjectNode patch = Json.object();
        ObjectNode at = patch;
        List<String> path = target.type().strategy().scale().replicas();
        for (String field : path.subList(0, path.size() - 1)) {
            at = at.putObject(field);
        }
        at.put(path.getLast(), look.desired);
        try {
            client.patch(target.type(), target.key(), new Patch.Merge(patch), "");
        } catch (ApiException e) {
            String message =
                    "New size: %d; reason: %s; error: %s"
                            .formatted(look.desired, why, e.status().message());
            look.warn("FailedRescale", message);
            look.condition(
                    "AbleToScale",
                    "False",
                    "FailedUpdateScale",
                    "the HPA controller was unable to update the target scale: "
                            + e.status().message());
            look.desired = look.current;
            return;
        }
        look.condition(
                "AbleToScale",
                "True",
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + look.desired);
        look.tell("SuccessfulRescale", "New size: %d; reason: %s".formatted(look.desired, why));
        look.scaled = true;
        behaviors
                .computeIfAbsent(Metadata.uid(look.seen), _ -> new ScalingBehavior())
                .scaled(look.current, look.desired, look.now);
    }

    /** One look at one autoscaler, and what it will say of itself. */
    private final class Look {
        private final ObjectKey key;
        private final ObjectNode seen;
        private final Instant now;
        private final AutoscalerConditions conditions;
        private final List<ObjectNode> metrics = new ArrayList<>();
        private int current;
        private int desired;
        private boolean scaled;

        Look(ObjectKey key, ObjectNode seen, Instant now) {
            this.key = key;
            this.seen = seen;
            this.now = now;
            this.conditions = new AutoscalerConditions(seen.path("status").path("conditions"), now);
            this.current = seen.path("status").path("currentReplicas").asInt(0);
            this.desired = seen.path("status").path("desiredReplicas").asInt(0);
        }

        JsonNode spec() {
            return seen.path("spec");
        }

        void condition(String type, String status, String reason, String message) {
            conditions.set(type, status, reason, message);
        }

        void warn(String reason, String message) {
            events.record(key.tenant(), seen, Type.WARNING, reason, message);
        }

        void tell(String reason, String message) {
            events.record(key.tenant(), seen, Type.NORMAL, reason, message);
        }

        void write() {
            ObjectNode status = Json.object();
            status.put("currentReplicas", current).put("desiredReplicas", desired);
            String last = seen.path("status").path("lastScaleTime").asString("");
            if (scaled) {
                last = now.toString().substring(0, 19) + "Z";
            }
            if (!last.isEmpty()) {
                status.put("lastScaleTime", last);
            }
            if (!metrics.isEmpty()) {
                metrics.forEach(status.withArray("currentMetrics")::add);
            }
            status.set("conditions", conditions.toArray());
            if (!Json.same(seen.path("status"), status)) {
                ObjectNode changed = seen.deepCopy();
                changed.set("status", status);
                client.updateStatus(
                        WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS, key.tenant(), changed);
            }
        }
    }
}
