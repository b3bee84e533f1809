package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Ports;

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

    /**
     * @param graceSeconds how long the pod has to end, which bounds a hook's sleep
     */
    HandlerRules(long graceSeconds) {
        this.graceSeconds = graceSeconds;
    }

    /**
     * @param system the name in {@code spec.os} of the pod
     */
    void lifecycle(Field lifecycle, Field system) {
        for (String hook : List.of("postStart", "preStop")) {
            if (lifecycle.at(hook).isSet()) {
                handler(lifecycle.at(hook), OF_HOOKS);
            }
        }
        StopSignals.check(lifecycle.at("stopSignal"), system);
    }

    void probes(Field container) {
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.at(name).isSet()) {
                probe(container.at(name), name.equals("readinessProbe"));
            }
        }
    }

    private void probe(Field probe, boolean readiness) {
        handler(probe, OF_PROBES);
        PROBE_NUMBERS.forEach(number -> probe.at(number).notNegative());
        Field grace = probe.at("terminationGracePeriodSeconds");
        grace.positive();
        if (readiness && grace.isSet()) {
            grace.invalid("must not be set for readinessProbes");
        }
        if (!readiness && probe.at("successThreshold").number() != 1) {
            probe.at("successThreshold")
                    .invalid(probe.at("successThreshold").number(), "must be 1");
        }
    }

    private void handler(Field handler, List<String> types) {
        List<String> given = types.stream().filter(type -> handler.at(type).isSet()).toList();
        if (given.isEmpty()) {
            handler.tellRequired("must specify a handler type");
            return;
        }
        settings(given.getFirst(), handler.at(given.getFirst()));
        for (String extra : given.subList(1, given.size())) {
            handler.at(extra).forbidden("may not specify more than 1 handler type");
        }
    }

    private void settings(String type, Field settings) {
        switch (type) {
            case "exec" -> settings.at("command").required();
            case "httpGet" -> httpGet(settings);
            case "sleep" -> {
                long seconds = settings.at("seconds").number();
                if (seconds < 0 || seconds > graceSeconds) {
                    settings.invalid(
                            seconds,
                            "must be non-negative and less than terminationGracePeriodSeconds ("
                                    + graceSeconds
                                    + ")");
                }
            }
            default -> Ports.numberOrName(settings.at("port"));
        }
    }

    private static void httpGet(Field request) {
        request.at("path").required();
        Ports.numberOrName(request.at("port"));
        request.at("scheme").oneOf("HTTP", "HTTPS");
        for (Field header : request.at("httpHeaders").items()) {
            String name = header.at("name").text();
            Names.headerName(name)
                    .forEach(sentence -> request.at("httpHeaders").invalid(name, sentence));
        }
    }
}
