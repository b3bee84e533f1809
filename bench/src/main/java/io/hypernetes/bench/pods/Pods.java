package io.hypernetes.bench.pods;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.bench.Samples;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Pods of one tenant, that ask for nothing, and when a watcher sees that they are Ready. One thread
 * watches; any may start pods.
 */
public final class Pods implements AutoCloseable {

    private static final Tenant TENANT = new Tenant("bench");
    private static final String NAMESPACE = "default";
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** Why a pod will not run. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final Client client;
    private final Watch watch;
    private final Thread watcher;

    /** When each was seen to be Ready, by {@link System#nanoTime}. */
    private final Map<String, CompletableFuture<Long>> ready = new ConcurrentHashMap<>();

    private Pods(Client client) {
        this.client = client;
        Selection selection = Selection.of(TENANT, NAMESPACE);
        String now = client.list(BuiltinTypes.PODS, selection).resourceVersion();
        this.watch = client.watch(BuiltinTypes.PODS, selection, now);
        this.watcher = Thread.ofVirtual().name("watcher").start(this::follow);
    }

    /** Makes the tenant. */
    public static Pods open(Client client) throws InterruptedException {
        ObjectNode tenant = JsonNodeFactory.instance.objectNode();
        tenant.put("apiVersion", "hypernetes.io/v1").put("kind", "Tenant");
        tenant.putObject("metadata").put("name", TENANT.name());
        tenant.putObject("spec").putObject("network").put("cidr", "10.0.0.0/22");
        // The image is there: that nothing is pulled again is what is measured.
        TenantSecurity.OPEN.fillIn(tenant);
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        ObjectKey network = new ObjectKey(TENANT, "", "default");
        while (client.find(BuiltinTypes.NETWORKS, network)
                .filter(tree -> tree.path("status").path("phase").asString("").equals("Active"))
                .isEmpty()) {
            Thread.sleep(50);
        }
        return new Pods(client);
    }

    private void follow() {
        try {
            while (true) {
                watch.next(LONGEST).ifPresent(event -> seen(event.object().object()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ApiException | IllegalStateException e) {
            ready.values().forEach(waiting -> waiting.completeExceptionally(e));
        }
    }

    private void seen(ObjectNode pod) {
        CompletableFuture<Long> waiting = ready.get(Metadata.name(pod));
        for (JsonNode condition : pod.path("status").path("conditions")) {
            String type = condition.path("type").asString("");
            String status = condition.path("status").asString("");
            if (waiting != null && type.equals("Ready") && status.equals("True")) {
                waiting.complete(System.nanoTime());
            }
            if (waiting != null && type.equals("PodScheduled") && status.equals("False")) {
                String why = condition.path("message").asString("");
                waiting.completeExceptionally(new Refused(why));
            }
        }
    }

    /** Starts them at the same time and waits until all are Ready; each counts from the begin. */
    void start(List<String> names, Samples samples) throws InterruptedException, Refused {
        long start = System.nanoTime();
        for (String name : names) {
            ready.put(name, new CompletableFuture<>());
            Thread.ofVirtual().start(() -> create(name));
        }
        for (String name : names) {
            samples.add(await(name) - start);
        }
    }

    /** Starts one and waits until it is Ready. */
    public void start(String name, Samples samples) throws InterruptedException {
        try {
            start(List.of(name), samples);
        } catch (Refused e) {
            throw new IllegalStateException(name + " is refused: " + e.getMessage(), e);
        }
    }

    private void create(String name) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("namespace", NAMESPACE).put("name", name);
        pod.putObject("spec")
                .put("terminationGracePeriodSeconds", 0)
                .putArray("containers")
                .addObject()
                .put("name", "main")
                .put("image", "hypernetes/hello")
                .put("imagePullPolicy", "IfNotPresent");
        try {
            client.create(BuiltinTypes.PODS, TENANT, pod);
        } catch (ApiException e) {
            waiting(name).completeExceptionally(new Refused(String.valueOf(e.getMessage())));
        }
    }

    private CompletableFuture<Long> waiting(String name) {
        return ready.computeIfAbsent(name, _ -> new CompletableFuture<>());
    }

    private long await(String name) throws InterruptedException, Refused {
        try {
            return waiting(name).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Refused(name + " is not Ready after " + LONGEST);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new IllegalStateException(name + " cannot be watched", e);
        }
    }

    /** Deletes all and waits until they are gone. */
    public void deleteAll() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (String name : ready.keySet()) {
            threads.add(Thread.ofVirtual().start(() -> delete(name)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        while (!client.list(BuiltinTypes.PODS, Selection.of(TENANT, NAMESPACE)).items().isEmpty()) {
            Thread.sleep(20);
        }
        ready.clear();
    }

    private void delete(String name) {
        try {
            ObjectKey key = new ObjectKey(TENANT, NAMESPACE, name);
            client.delete(BuiltinTypes.PODS, key, DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            System.err.println(name + " is not deleted: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
        watch.close();
    }
}
