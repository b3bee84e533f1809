package io.hypernetes.bench.workload;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.bench.Scratch;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.store.Store;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An API with a store of its own in a folder that goes with it. */
public final class Plane implements AutoCloseable {

    private static final int WRITERS = 32;

    private final Store store;
    private final ControlPlane plane;

    private Plane(Path scratch) throws IOException {
        this.store = SqliteStore.open(scratch.resolve("state.db"), SqliteSettings.DEFAULT);
        this.plane =
                ControlPlane.open(
                        store,
                        CertificateAuthority.open(scratch.resolve("pki"), Clock.systemUTC()),
                        Clock.systemUTC());
    }

    public static Plane open() throws IOException {
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        return new Plane(Scratch.folder(home, "bench-plane"));
    }

    public Client client() {
        return plane.client();
    }

    ControlPlane controlPlane() {
        return plane;
    }

    /** Tenants with the namespace {@code default} and its service account. */
    public List<Tenant> tenants(int count) throws InterruptedException {
        List<Tenant> tenants = new ArrayList<>();
        List<Callable<ObjectNode>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tenant tenant = new Tenant("tenant-" + i);
            tenants.add(tenant);
            writes.add(() -> {
                namespace(tenant);
                ObjectNode account = object(BuiltinTypes.SERVICE_ACCOUNTS, "default");
                return client().create(BuiltinTypes.SERVICE_ACCOUNTS, tenant, account);
            });
        }
        together(writes);
        return tenants;
    }

    private void namespace(Tenant tenant) {
        ObjectNode namespace = object(BuiltinTypes.NAMESPACES, "default");
        namespace.withObject("metadata").remove("namespace");
        client().create(BuiltinTypes.NAMESPACES, tenant, namespace);
    }

    /** An object of the namespace {@code default}. */
    public static ObjectNode object(ResourceType type, String name) {
        ObjectNode object = Json.object();
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        object.putObject("metadata").put("name", name).put("namespace", "default");
        return object;
    }

    /** All of them, some at a time. Throws what the first that failed says. */
    <T> void together(List<Callable<T>> writes) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
            for (Future<T> result : threads.invokeAll(writes)) {
                result.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        plane.close();
        store.close();
    }
}
