package io.hypernetes.server.observe;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.server.access.FlowWitness;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.admission.AdmissionWitness;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.request.RequestInfo;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The metrics of one server, named as upstream names them where it has them. They tell the class of
 * a tenant, never its name, and name no custom resource: how many there are must not depend on what
 * tenants do.
 */
public final class ServerMetrics implements FlowWitness {
    private static final String[] REQUEST = {
        "verb", "group", "version", "resource", "subresource", "scope", "tenant_class"
    };
    private static final double[] SECONDS = {
        0.001, 0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15,
        20, 30, 45, 60
    };
    private static final double[] STORE_SECONDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };
    private static final Set<String> READS = Set.of("GET", "LIST", "WATCH");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();
    private final Counter requests =
            Counter.builder()
                    .name("apiserver_request_total")
                    .help("Requests that were answered, by what they asked for and the code.")
                    .labelNames(with(REQUEST, "dry_run", "code"))
                    .register(registry);
    private final Histogram durations =
            Histogram.builder()
                    .name("apiserver_request_duration_seconds")
                    .help(
                            "Time from a request's first line to the end of its answer, in seconds;"
                                    + " watches and sessions are not in it.")
                    .labelNames(REQUEST)
                    .classicOnly()
                    .classicUpperBounds(SECONDS)
                    .register(registry);
    private final Gauge inFlight =
            Gauge.builder()
                    .name("apiserver_current_inflight_requests")
                    .help("Requests that are worked on, watches and sessions not counted.")
                    .labelNames("request_kind")
                    .register(registry);
    private final Gauge longRunning =
            Gauge.builder()
                    .name("apiserver_longrunning_requests")
                    .help("Watches, followed logs and sessions that are open.")
                    .labelNames(REQUEST)
                    .register(registry);
    private final Counter unknown =
            Counter.builder()
                    .name("apiserver_unadmitted_requests_total")
                    .help("Requests refused before it was known who asks for what in whose world.")
                    .labelNames("code")
                    .register(registry);
    private final Counter rejected =
            Counter.builder()
                    .name("apiserver_flowcontrol_rejected_requests_total")
                    .help("Requests answered 429, by the limit of their tenant that they met.")
                    .labelNames("tenant_class", "reason")
                    .register(registry);
    private final Histogram waited =
            Histogram.builder()
                    .name("apiserver_flowcontrol_request_wait_duration_seconds")
                    .help("Time that requests waited for a seat, in seconds.")
                    .labelNames("tenant_class")
                    .classicOnly()
                    .classicUpperBounds(STORE_SECONDS)
                    .register(registry);
    private final Histogram store =
            Histogram.builder()
                    .name("hypernetes_store_operation_duration_seconds")
                    .help(
                            "Time of the store's operations, in seconds: commit until it is"
                                    + " durable, range, compact.")
                    .labelNames("operation", "result")
                    .classicOnly()
                    .classicUpperBounds(STORE_SECONDS)
                    .register(registry);

    private final AdmissionMetrics admission = new AdmissionMetrics(registry);

    public ServerMetrics() {
        ProcessMetrics.register(this);
    }

    private static String[] with(String[] names, String... more) {
        String[] all = java.util.Arrays.copyOf(names, names.length + more.length);
        System.arraycopy(more, 0, all, names.length, more.length);
        return all;
    }

    /** A request that is being worked on; its labels in the order of {@link #REQUEST}. */
    record Request(String[] labels, String dryRun, boolean lasting) {}

    Request begin(Session session, RequestInfo info, Query query, boolean lasting) {
        String[] labels = labels(session, info);
        Request request = new Request(labels, query.has("dryRun") ? "All" : "", lasting);
        gauge(request).inc();
        return request;
    }

    private io.prometheus.metrics.core.datapoints.GaugeDataPoint gauge(Request request) {
        return request.lasting()
                ? longRunning.labelValues(request.labels())
                : inFlight.labelValues(
                        READS.contains(request.labels()[0]) ? "readOnly" : "mutating");
    }

    void end(Request request, int code, long nanos) {
        gauge(request).dec();
        requests.labelValues(with(request.labels(), request.dryRun(), Integer.toString(code)))
                .inc();
        if (!request.lasting()) {
            durations.labelValues(request.labels()).observe(nanos / 1e9);
        }
    }

    void refusedAtTheDoor(int code) {
        unknown.labelValues(Integer.toString(code)).inc();
    }

    @Override
    public void rejected(Session session, String reason) {
        rejected.labelValues(tenantClass(session), reason).inc();
    }

    @Override
    public void waited(Session session, long nanos) {
        waited.labelValues(tenantClass(session)).observe(nanos / 1e9);
    }

    /** Sees what is admitted. */
    public AdmissionWitness admission() {
        return admission;
    }

    void stored(String operation, String result, long nanos) {
        store.labelValues(operation, result).observe(nanos / 1e9);
    }

    /** A gauge that is asked when the metrics are read, for instance the depth of a queue. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * What only grows, asked when the metrics are read.
     *
     * @param name without {@code _total}, which is added
     */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(counter -> counter.call(value.getAsDouble()))
                .register(registry);
    }

    /**
     * Gauges of one name, told apart by a label.
     *
     * @param values asked when the metrics are read; few, whatever tenants do
     */
    public void gauges(
            String name, String help, String label, Supplier<Map<String, Double>> values) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(gauge -> values.get().forEach((of, value) -> gauge.call(value, of)))
                .register(registry);
    }

    /**
     * The same for what only grows.
     *
     * @param name without {@code _total}, which is added
     */
    public void counters(
            String name, String help, String label, Supplier<Map<String, Double>> values) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(counter -> values.get().forEach((of, value) -> counter.call(value, of)))
                .register(registry);
    }

    /** Every label has few values, whatever strangers ask for: methods and paths are theirs. */
    private static String[] labels(Session session, RequestInfo info) {
        String tenants = tenantClass(session);
        if (!info.isResource()) {
            return new String[] {verb(info), "", "", "", "", "", tenants};
        }
        Optional<ResourceType> type =
                ResourceTypes.BUILTIN.find(info.group(), info.version(), info.resource());
        if (type.isEmpty()) {
            return new String[] {verb(info), "", "", "custom", "", scope(info), tenants};
        }
        return new String[] {
            verb(info),
            info.group(),
            info.version(),
            info.resource(),
            subresource(type.get(), info.subresource().split("/", 2)[0]),
            scope(info),
            tenants
        };
    }

    private static String subresource(ResourceType type, String asked) {
        return asked.isEmpty() || type.subresources().contains(asked) ? asked : "other";
    }

    /** As upstream's metrics: the method's name, but for lists and watches. */
    private static String verb(RequestInfo info) {
        return switch (info.verb()) {
            case "create" -> "POST";
            case "update" -> "PUT";
            case "deletecollection" -> "DELETECOLLECTION";
            case "get", "list", "watch", "patch", "delete", "post", "put", "options" ->
                    info.verb().toUpperCase(Locale.ROOT);
            default -> "OTHER";
        };
    }

    private static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.verb().equals("create")) {
            return "resource";
        }
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    private static String tenantClass(Session session) {
        return session.tenantClass();
    }

    /** In the text format of Prometheus, version 0.0.4. */
    byte[] text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    String contentType() {
        return writer.getContentType();
    }
}
