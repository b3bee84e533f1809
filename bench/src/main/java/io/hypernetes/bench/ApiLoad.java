package io.hypernetes.bench;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates, gets, lists and deletes ConfigMaps of about a kilobyte: so many clients, each with a
 * connection of its own, each sending its next request when it has the answer to the last.
 */
final class ApiLoad {

    private static final Tenant TENANT = new Tenant("bench");
    private static final String NAMESPACE = "default";
    private static final int OBJECTS = 2000;
    private static final int GETS = 10_000;
    private static final int LISTS_PER_CLIENT = 5;
    private static final String PAYLOAD = "x".repeat(700);

    private final Kubeconfig config;
    private final int clients;

    ApiLoad(Kubeconfig config, int clients) {
        this.config = config;
        this.clients = clients;
    }

    /** One request of client {@code client}, the {@code number}th of all. */
    private interface Request {
        void send(RemoteClient client, int number);
    }

    void measure(Report report) throws InterruptedException {
        List<RemoteClient> connections = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            connections.add(new RemoteClient(config));
        }
        try {
            phase("create", OBJECTS, connections, this::create, 1, report);
            phase("get", GETS, connections, this::get, 1, report);
            int lists = LISTS_PER_CLIENT * clients;
            phase("list, items", lists, connections, this::list, OBJECTS, report);
            phase("delete", OBJECTS, connections, this::delete, 1, report);
        } finally {
            connections.forEach(RemoteClient::close);
        }
    }

    private void phase(
            String name,
            int requests,
            List<RemoteClient> connections,
            Request request,
            int weight,
            Report report)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Samples latencies = new Samples();
        long start = System.nanoTime();
        List<Thread> threads =
                connections.stream()
                        .map(client ->
                                Thread.ofVirtual()
                                        .start(() ->
                                                work(client, next, requests, request, latencies)))
                        .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (latencies.count() != requests) {
            throw new IllegalStateException(
                    name + ": only " + latencies.count() + " of " + requests + " succeeded");
        }
        report.row(
                "API " + name + ", " + clients + (clients == 1 ? " client" : " clients"),
                String.format(
                        Locale.ROOT,
                        "%,.0f/s, p50 %.1f ms, p99 %.1f ms",
                        requests * (double) weight / seconds,
                        latencies.median(),
                        latencies.percentile(99)));
    }

    private static void work(
            RemoteClient client,
            AtomicInteger next,
            int requests,
            Request request,
            Samples latencies) {
        for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
            long start = System.nanoTime();
            request.send(client, i);
            latencies.add(System.nanoTime() - start);
        }
    }

    private void create(RemoteClient client, int number) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("namespace", NAMESPACE).put("name", name(number));
        map.putObject("data").put("payload", PAYLOAD);
        client.create(BuiltinTypes.CONFIG_MAPS, TENANT, map);
    }

    private void get(RemoteClient client, int number) {
        client.get(BuiltinTypes.CONFIG_MAPS, key(number % OBJECTS));
    }

    private void list(RemoteClient client, int number) {
        int size =
                client.list(BuiltinTypes.CONFIG_MAPS, Selection.of(TENANT, NAMESPACE))
                        .items()
                        .size();
        if (size < OBJECTS) {
            throw new IllegalStateException("a list has only " + size + " items");
        }
    }

    private void delete(RemoteClient client, int number) {
        client.delete(BuiltinTypes.CONFIG_MAPS, key(number), DeleteOptions.DEFAULT);
    }

    private static String name(int number) {
        return "load-" + number;
    }

    private static ObjectKey key(int number) {
        return new ObjectKey(TENANT, NAMESPACE, name(number));
    }
}
