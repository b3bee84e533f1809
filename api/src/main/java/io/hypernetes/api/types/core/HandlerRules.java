package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Rules for what a node does to a container while it runs: probes and lifecycle hooks. */
final class HandlerRules {

    private static final List<String> OF_PROBES = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> OF_HOOKS = List.of("exec", "httpGet", "tcpSocket", "sleep");
    private static final List<String> PROBE_NUMBERS =
            List.of(
                    "initialDelaySeconds",
                    "timeoutSeconds",
                    "periodSeconds",
                    "successThreshold",
                    "failureThreshold");

    private final long graceSeconds;
    private final Errors errors;

    /**
     * @param graceSeconds how long the pod has to end, which bounds a hook's sleep
     */
    HandlerRules(long graceSeconds, Errors errors) {
        this.graceSeconds = graceSeconds;
        this.errors = errors;
    }

    void lifecycle(String field, ObjectNode container) {
        for (String hook : List.of("postStart", "preStop")) {
            if (container.path("lifecycle").path(hook) instanceof ObjectNode handler) {
                handler(field + ".lifecycle." + hook, handler, OF_HOOKS);
            }
        }
    }

    void probes(String field, ObjectNode container) {
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode settings) {
                probe(field + "." + probe, settings, probe.equals("readinessProbe"));
            }
        }
    }

    private void probe(String field, ObjectNode probe, boolean readiness) {
        handler(field, probe, OF_PROBES);
        for (String number : PROBE_NUMBERS) {
            long value = probe.path(number).asLong(0);
            if (value < 0) {
                errors.invalid(field + "." + number, value, "must be greater than or equal to 0");
            }
        }
        String grace = "terminationGracePeriodSeconds";
        if (has(probe, grace) && probe.path(grace).asLong(0) <= 0) {
            errors.invalid(field + "." + grace, probe.path(grace), "must be greater than 0");
        }
        if (readiness && has(probe, grace)) {
            errors.invalid(
                    field + "." + grace, probe.path(grace), "must not be set for readinessProbes");
        }
        long successes = probe.path("successThreshold").asLong(1);
        if (!readiness && successes != 1) {
            errors.invalid(field + ".successThreshold", successes, "must be 1");
        }
    }

    private void handler(String field, ObjectNode tree, List<String> types) {
        List<String> given = types.stream().filter(type -> has(tree, type)).toList();
        if (given.isEmpty()) {
            errors.required(field, "must specify a handler type");
            return;
        }
        String type = given.getFirst();
        settings(field + "." + type, type, tree.path(type));
        for (String extra : given.subList(1, given.size())) {
            errors.forbidden(field + "." + extra, "may not specify more than 1 handler type");
        }
    }

    private void settings(String field, String type, JsonNode settings) {
        switch (type) {
            case "exec" -> {
                if (settings.path("command").isEmpty()) {
                    errors.required(field + ".command", "");
                }
            }
            case "httpGet" -> httpGet(field, settings);
            case "sleep" -> {
                long seconds = settings.path("seconds").asLong(0);
                if (seconds < 0 || seconds > graceSeconds) {
                    errors.invalid(
                            field,
                            seconds,
                            "must be non-negative and less than terminationGracePeriodSeconds ("
                                    + graceSeconds
                                    + ")");
                }
            }
            default -> PodRules.portOrName(field + ".port", settings.path("port"), errors);
        }
    }

    private void httpGet(String field, JsonNode request) {
        PodRules.portOrName(field + ".port", request.path("port"), errors);
        errors.oneOf(field + ".scheme", text(request, "scheme"), List.of("HTTP", "HTTPS"));
        for (ObjectNode header : objects(request.path("httpHeaders"))) {
            String name = text(header, "name");
            errors.form(field + ".httpHeaders", name, Names.headerName(name));
        }
    }
}
