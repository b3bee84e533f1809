package io.hypernetes.server.observe;

import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Session;
import io.hypernetes.store.cache.WatchCache;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What is under way and what is in memory at the moment of asking. */
public final class LoadMetrics {
    private static final String TENANT_CLASS = "tenant_class";

    /** Custom resources are one series: their names are the tenants'. */
    private static final String CUSTOM = "custom";

    private LoadMetrics() {}

    /** The seats and lines of the fair queues. */
    public static void register(ServerMetrics metrics, Gate gate) {
        metrics.gauges(
                "apiserver_flowcontrol_current_executing_requests",
                "Requests that have a seat.",
                TENANT_CLASS,
                byClass(gate::seated));
        metrics.gauges(
                "apiserver_flowcontrol_current_inqueue_requests",
                "Requests that wait for a seat.",
                TENANT_CLASS,
                byClass(gate::waiting));
        metrics.gauges(
                "apiserver_flowcontrol_current_lasting_requests",
                "Watches, followed logs and sessions that have a seat.",
                TENANT_CLASS,
                byClass(gate::lasting));
        metrics.gauges(
                "apiserver_flowcontrol_current_body_bytes",
                "Bytes that the bodies of requests under way may have.",
                TENANT_CLASS,
                byClass(gate::bodyBytes));
    }

    private static Supplier<Map<String, Double>> byClass(ToDoubleFunction<String> load) {
        return () -> {
            Map<String, Double> values = new LinkedHashMap<>();
            Session.TENANT_CLASSES.forEach(of -> values.put(of, load.applyAsDouble(of)));
            return values;
        };
    }

    /** What the watch cache holds and who follows it. */
    public static void register(ServerMetrics metrics, WatchCache<?> cache) {
        metrics.gauges(
                "apiserver_storage_objects",
                "Objects that are stored, by resource.",
                "resource",
                () -> byResource(cache, WatchCache.Size::objects));
        metrics.gauges(
                "hypernetes_watch_cache_watches",
                "Watches of clients and of the server's own parts, by resource.",
                "resource",
                () -> byResource(cache, WatchCache.Size::watches));
        metrics.gauge(
                "hypernetes_watch_cache_revision",
                "The newest revision that can be read here.",
                cache::revision);
    }

    private static Map<String, Double> byResource(
            WatchCache<?> cache, ToDoubleFunction<WatchCache.Size> value) {
        Set<String> known = new HashSet<>();
        ResourceTypes.BUILTIN.all().forEach(type -> known.add(type.id().toString()));
        Map<String, Double> values = new HashMap<>();
        for (WatchCache.Size size : cache.sizes()) {
            String name =
                    size.group().isEmpty() ? size.resource() : size.resource() + "." + size.group();
            values.merge(
                    known.contains(name) ? name : CUSTOM, value.applyAsDouble(size), Double::sum);
        }
        return values;
    }
}
