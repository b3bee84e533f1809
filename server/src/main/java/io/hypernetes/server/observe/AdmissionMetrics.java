package io.hypernetes.server.observe;

import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.admission.AdmissionWitness;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.util.Locale;

/**
 * What admission takes and refuses, as upstream names it; but for a webhook's name, which is its
 * tenant's, the class of the tenant.
 */
final class AdmissionMetrics implements AdmissionWitness {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25};

    private final Histogram steps;
    private final Histogram webhooks;
    private final Counter rejections;
    private final Counter asked;

    // What only grows; the library would add "_total" to a counter's name, and upstream's has none.
    private final Gauge webhookRejections;
    private final Gauge failOpen;

    AdmissionMetrics(PrometheusRegistry registry) {
        steps =
                Histogram.builder()
                        .name("apiserver_admission_step_admission_duration_seconds")
                        .help("Time of all admission controllers together, in seconds, by step.")
                        .labelNames("type", "operation", "rejected")
                        .classicOnly()
                        .classicUpperBounds(SECONDS)
                        .register(registry);
        webhooks =
                Histogram.builder()
                        .name("apiserver_admission_webhook_admission_duration_seconds")
                        .help("Time until a webhook answered, in seconds.")
                        .labelNames("type", "operation", "tenant_class", "rejected")
                        .classicOnly()
                        .classicUpperBounds(SECONDS)
                        .register(registry);
        rejections =
                Counter.builder()
                        .name("hypernetes_admission_rejections_total")
                        .help("Requests refused in admission, by the controller that refused.")
                        .labelNames("controller", "operation")
                        .register(registry);
        asked =
                Counter.builder()
                        .name("apiserver_admission_webhook_request_total")
                        .help("Questions to webhooks, by the code of the answer, 0 for none.")
                        .labelNames("type", "operation", "tenant_class", "code", "rejected")
                        .register(registry);
        webhookRejections =
                Gauge.builder()
                        .name("apiserver_admission_webhook_rejection_count")
                        .help("Requests refused by a webhook (no_error), or because it failed.")
                        .labelNames(
                                "type", "operation", "tenant_class", "error_type", "rejection_code")
                        .register(registry);
        failOpen =
                Gauge.builder()
                        .name("apiserver_admission_webhook_fail_open_count")
                        .help("Webhooks that failed, and whose policy lets the request pass.")
                        .labelNames("type", "tenant_class")
                        .register(registry);
    }

    private static String type(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void stepped(Step step, Operation operation, boolean rejected, long nanos) {
        steps.labelValues(type(step), operation.name(), Boolean.toString(rejected))
                .observe(nanos / 1e9);
    }

    @Override
    public void rejected(String controller, Operation operation) {
        rejections.labelValues(controller, operation.name()).inc();
    }

    @Override
    public void asked(WebhookCall call, long nanos) {
        String type = call.step() == Step.ADMIT ? "admit" : "validating";
        String operation = call.operation().name();
        String tenants = call.tenantClass();
        // Upstream knows no larger code, and no smaller one for a refusal.
        String code = Integer.toString(Math.min(600, call.code()));
        boolean rejected = call.outcome() == Outcome.DENIED || call.outcome() == Outcome.FAILED;
        String refused = Boolean.toString(rejected);
        webhooks.labelValues(type, operation, tenants, refused).observe(nanos / 1e9);
        asked.labelValues(type, operation, tenants, code, refused).inc();
        switch (call.outcome()) {
            case ALLOWED -> {}
            case DENIED ->
                    webhookRejections.labelValues(type, operation, tenants, "no_error", code).inc();
            case FAILED ->
                    webhookRejections
                            .labelValues(type, operation, tenants, "calling_webhook_error", code)
                            .inc();
            case IGNORED -> failOpen.labelValues(type, tenants).inc();
        }
    }
}
