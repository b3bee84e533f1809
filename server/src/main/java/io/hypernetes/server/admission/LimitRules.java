package io.hypernetes.server.admission;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.PodResources;
import io.hypernetes.api.quota.ResourceList;

import tools.jackson.databind.JsonNode;

import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One item of a LimitRange against what a pod or claim asks for; each error is a sentence. */
final class LimitRules {
    private final String type;
    private final List<String> errors = new ArrayList<>();

    private LimitRules(String type) {
        this.type = type;
    }

    static List<String> ofPod(JsonNode limit, JsonNode spec) {
        LimitRules rules = new LimitRules(limit.path("type").asString(""));
        switch (rules.type) {
            case "Container" -> {
                for (String list : List.of("containers", "initContainers")) {
                    for (JsonNode container : spec.path(list)) {
                        JsonNode resources = container.path("resources");
                        rules.check(
                                limit,
                                ResourceList.of(resources.path("requests")),
                                ResourceList.of(resources.path("limits")));
                    }
                }
            }
            case "Pod" ->
                    rules.check(limit, PodResources.requests(spec), PodResources.limits(spec));
            default -> {}
        }
        return rules.errors;
    }

    static List<String> ofClaim(JsonNode limit, JsonNode spec) {
        LimitRules rules = new LimitRules(limit.path("type").asString(""));
        if (rules.type.equals("PersistentVolumeClaim")) {
            ResourceList requests = ResourceList.of(spec.path("resources").path("requests"));
            ResourceList.of(limit.path("min"))
                    .amounts()
                    .forEach((name, min) -> rules.min(name, min, requests, ResourceList.EMPTY));
            ResourceList.of(limit.path("max"))
                    .amounts()
                    .forEach((name, max) -> rules.maxRequest(name, max, requests));
        }
        return rules.errors;
    }

    private void check(JsonNode limit, ResourceList requests, ResourceList limits) {
        ResourceList.of(limit.path("min"))
                .amounts()
                .forEach((name, min) -> min(name, min, requests, limits));
        ResourceList.of(limit.path("max"))
                .amounts()
                .forEach((name, max) -> max(name, max, requests, limits));
        ResourceList.of(limit.path("maxLimitRequestRatio"))
                .amounts()
                .forEach((name, ratio) -> ratio(name, ratio, requests, limits));
    }

    private void min(String name, Quantity min, ResourceList requests, ResourceList limits) {
        Optional<Quantity> request = requests.get(name);
        Optional<Quantity> limit = limits.get(name);
        String rule = "minimum " + name + " usage per " + type + " is " + min;
        if (request.isEmpty()) {
            errors.add(rule + ".  No request is specified");
        } else if (request.get().compareTo(min) < 0) {
            errors.add(rule + ", but request is " + request.get());
        } else if (limit.isPresent() && limit.get().compareTo(min) < 0) {
            errors.add(rule + ", but limit is " + limit.get());
        }
    }

    private void max(String name, Quantity max, ResourceList requests, ResourceList limits) {
        Optional<Quantity> request = requests.get(name);
        Optional<Quantity> limit = limits.get(name);
        String rule = "maximum " + name + " usage per " + type + " is " + max;
        if (limit.isEmpty()) {
            errors.add(rule + ".  No limit is specified");
        } else if (limit.get().compareTo(max) > 0) {
            errors.add(rule + ", but limit is " + limit.get());
        } else if (request.isPresent() && request.get().compareTo(max) > 0) {
            errors.add(rule + ", but request is " + request.get());
        }
    }

    private void maxRequest(String name, Quantity max, ResourceList requests) {
        Optional<Quantity> request = requests.get(name);
        String rule = "maximum " + name + " usage per " + type + " is " + max;
        if (request.isEmpty()) {
            errors.add(rule + ".  No request is specified");
        } else if (request.get().compareTo(max) > 0) {
            errors.add(rule + ", but request is " + request.get());
        }
    }

    private void ratio(String name, Quantity most, ResourceList requests, ResourceList limits) {
        Optional<Quantity> request = requests.get(name).filter(q -> q.signum() != 0);
        Optional<Quantity> limit = limits.get(name).filter(q -> q.signum() != 0);
        String rule = name + " max limit to request ratio per " + type + " is " + most;
        if (request.isEmpty()) {
            errors.add(rule + ", but no request is specified or request is 0");
        } else if (limit.isEmpty()) {
            errors.add(rule + ", but no limit is specified or limit is 0");
        } else if (limit.get().amount().compareTo(request.get().amount().multiply(most.amount()))
                > 0) {
            double provided =
                    limit.get()
                            .amount()
                            .divide(request.get().amount(), MathContext.DECIMAL64)
                            .doubleValue();
            errors.add(
                    rule + ", but provided ratio is " + String.format(Locale.ROOT, "%f", provided));
        }
    }
}
