package io.hypernetes.controllers.autoscale;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.client.UsageSource.Amount;
import io.hypernetes.api.client.UsageSource.PodUsage;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Replicas from what the pods use of cpu or memory: metrics of type Resource and ContainerResource.
 * Pods that are not ready, or not measured, are counted as upstream does: against the direction in
 * which the others point.
 *
 * @param resource cpu or memory; cpu in thousandths of a core, memory in bytes
 * @param container the only one that counts; empty for all
 */
record ResourceMetric(ObjectNode spec, JsonNode body, String resource, String container) {

    private static final double TOLERANCE = 0.1;

    /** How long a starting pod's use of cpu says little. */
    private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

    private static final Duration INITIAL_READINESS = Duration.ofSeconds(30);

    static ResourceMetric of(ObjectNode metric) {
        boolean one = metric.path("type").asString("").equals("ContainerResource");
        JsonNode body = metric.path(one ? "containerResource" : "resource");
        return new ResourceMetric(
                metric,
                body,
                body.path("name").asString(""),
                one ? body.path("container").asString("") : "");
    }

    /**
     * @param request of the pod, 0 where it does not matter
     */
    private record Measured(long usage, long request) {}

    private record Sorted(List<Measured> ready, List<Long> unready, List<Long> missing) {}

    Proposal propose(
            Tenant tenant,
            Collection<ObjectNode> pods,
            UsageSource usages,
            int current,
            Instant now) {
        JsonNode target = body.path("target");
        boolean utilization = target.path("type").asString("").equals("Utilization");
        Sorted sorted = new Sorted(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        boolean any = false;
        for (ObjectNode pod : pods) {
            Optional<Long> request = utilization ? request(pod) : Optional.of(0L);
            if (request.isEmpty()) {
                return unknown("missing request for " + resource + " in pod " + Metadata.name(pod));
            }
            any |= sort(tenant, pod, usages, request.get(), sorted, now);
        }
        if (!any) {
            return unknown(
                    "unable to get metrics for resource "
                            + resource
                            + ": no metrics returned from resource metrics API");
        }
        if (sorted.ready().isEmpty()) {
            return unknown("did not receive metrics for targeted pods (pods might be unready)");
        }
        double wanted =
                utilization
                        ? target.path("averageUtilization").asDouble(0) / 100
                        : amount(target.path("averageValue").asString("0"));
        return replicas(sorted, utilization, wanted, current);
    }

    private Proposal unknown(String message) {
        String kind = container.isEmpty() ? "Resource" : "ContainerResource";
        return new Proposal.Unknown(
                "FailedGet" + kind + "Metric",
                "failed to get " + resource + " utilization: " + message);
    }

    /** Whether the pod was measured. */
    private boolean sort(
            Tenant tenant,
            ObjectNode pod,
            UsageSource usages,
            long request,
            Sorted sorted,
            Instant now) {
        String phase = pod.path("status").path("phase").asString("");
        if (Metadata.isBeingDeleted(pod) || phase.equals("Failed") || phase.equals("Succeeded")) {
            return false;
        }
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), Metadata.name(pod));
        Optional<PodUsage> usage = usages.pod(key);
        Optional<Amount> amount = usage.flatMap(this::counted);
        if (phase.equals("Pending")) {
            sorted.unready().add(request);
        } else if (amount.isEmpty()) {
            sorted.missing().add(request);
        } else if (resource.equals("cpu") && isStarting(pod, usage.get(), now)) {
            sorted.unready().add(request);
        } else {
            sorted.ready().add(new Measured(value(amount.get()), request));
        }
        return amount.isPresent();
    }

    private Optional<Amount> counted(PodUsage usage) {
        return container.isEmpty()
                ? Optional.of(usage.total())
                : Optional.ofNullable(usage.containers().get(container));
    }

    private long value(Amount amount) {
        return resource.equals("cpu") ? amount.nanoCores() / 1_000_000 : amount.memoryBytes();
    }

    private static boolean isStarting(ObjectNode pod, PodUsage usage, Instant now) {
        JsonNode ready = Json.object();
        for (JsonNode condition : pod.path("status").path("conditions")) {
            ready = condition.path("type").asString("").equals("Ready") ? condition : ready;
        }
        String started = pod.path("status").path("startTime").asString("");
        String turned = ready.path("lastTransitionTime").asString("");
        if (started.isEmpty() || turned.isEmpty()) {
            return true;
        }
        boolean isReady = ready.path("status").asString("").equals("True");
        Instant start = Instant.parse(started);
        Instant since = Instant.parse(turned);
        return start.plus(CPU_INITIALIZATION).isAfter(now)
                ? !isReady || usage.at().isBefore(since.plus(usage.window()))
                : !isReady && start.plus(INITIAL_READINESS).isAfter(since);
    }

    /** Empty when a container asks for nothing. */
    private Optional<Long> request(ObjectNode pod) {
        long sum = 0;
        for (JsonNode each : pod.path("spec").path("containers")) {
            if (container.isEmpty() || each.path("name").asString("").equals(container)) {
                String text = each.path("resources").path("requests").path(resource).asString("");
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                sum += amount(text);
            }
        }
        return Optional.of(sum);
    }

    private long amount(String text) {
        Quantity quantity = Quantity.parse(text);
        return resource.equals("cpu") ? quantity.milliValue() : quantity.value();
    }

    private Proposal replicas(Sorted sorted, boolean utilization, double wanted, int current) {
        List<Measured> all = new ArrayList<>(sorted.ready());
        double ratio = ratio(all, utilization, wanted);
        int count;
        boolean uncertain =
                !sorted.missing().isEmpty() || (ratio > 1 && !sorted.unready().isEmpty());
        if (!uncertain) {
            count = within(ratio) ? current : (int) Math.ceil(ratio * all.size());
        } else {
            boolean down = ratio < 1;
            for (long request : sorted.missing()) {
                long same = Math.round(utilization ? request * wanted : wanted);
                all.add(new Measured(down ? same : 0, request));
            }
            if (ratio > 1) {
                sorted.unready().forEach(request -> all.add(new Measured(0, request)));
            }
            double fresh = ratio(all, utilization, wanted);
            boolean turned = (down && fresh > 1) || (ratio > 1 && fresh < 1);
            int proposed = (int) Math.ceil(fresh * all.size());
            boolean against = down ? proposed > current : proposed < current;
            count = within(fresh) || turned || against ? current : proposed;
        }
        return new Proposal.Replicas(count, name(utilization), status(sorted.ready(), utilization));
    }

    private static boolean within(double ratio) {
        return Math.abs(1 - ratio) <= TOLERANCE;
    }

    private static double ratio(List<Measured> pods, boolean utilization, double wanted) {
        double usage = pods.stream().mapToLong(Measured::usage).sum();
        double base = utilization ? pods.stream().mapToLong(Measured::request).sum() : pods.size();
        return base == 0 || wanted == 0 ? 1 : usage / base / wanted;
    }

    private String name(boolean utilization) {
        String what = container.isEmpty() ? "resource" : "container resource";
        return utilization
                ? "%s %s utilization (percentage of request)".formatted(resource, what)
                : "%s %s".formatted(resource, what);
    }

    private ObjectNode status(List<Measured> ready, boolean utilization) {
        boolean one = !container.isEmpty();
        ObjectNode status = Json.object().put("type", one ? "ContainerResource" : "Resource");
        ObjectNode current = status.putObject(one ? "containerResource" : "resource");
        current.put("name", resource);
        if (one) {
            current.put("container", container);
        }
        long usage = ready.stream().mapToLong(Measured::usage).sum();
        long requests = ready.stream().mapToLong(Measured::request).sum();
        ObjectNode value = current.putObject("current");
        long mean = usage / ready.size();
        value.put("averageValue", resource.equals("cpu") ? mean + "m" : Long.toString(mean));
        if (utilization && requests > 0) {
            value.put("averageUtilization", usage * 100 / requests);
        }
        return status;
    }
}
