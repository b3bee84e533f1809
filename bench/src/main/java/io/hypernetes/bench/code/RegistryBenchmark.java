package io.hypernetes.bench.code;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.memory.MemoryStore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.TimeUnit;

/** Whole writes of a pod, admission included, over a store in memory and without HTTP. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx1g"})
public class RegistryBenchmark {

    private static final Tenant WORLD = Tenant.SYSTEM;

    private final MemoryStore store = new MemoryStore();
    private final Registry registry = Registry.open(store, Schemas.kubernetes());
    private final Client client = new LocalClient(registry);
    private final ObjectNode pod = Json.parseObject(Pods.sent());
    private final ObjectKey patched = new ObjectKey(WORLD, "default", "patched");
    private int number;

    public RegistryBenchmark() {
        client.create(BuiltinTypes.NAMESPACES, WORLD, object(BuiltinTypes.NAMESPACES, "default"));
        ObjectNode account = object(BuiltinTypes.SERVICE_ACCOUNTS, "default");
        account.withObject("metadata").put("namespace", "default");
        client.create(BuiltinTypes.SERVICE_ACCOUNTS, WORLD, account);
        client.create(BuiltinTypes.PODS, WORLD, named("patched"));
    }

    private static ObjectNode object(ResourceType type, String name) {
        ObjectNode object = Json.object();
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        object.putObject("metadata").put("name", name);
        return object;
    }

    private ObjectNode named(String name) {
        pod.withObject("metadata").put("name", name);
        return pod;
    }

    @TearDown
    public void close() {
        registry.close();
        store.close();
    }

    @Benchmark
    public void createAndDelete() {
        String name = "web-" + number++;
        client.create(BuiltinTypes.PODS, WORLD, named(name));
        client.delete(BuiltinTypes.PODS, new ObjectKey(WORLD, "default", name), DeleteOptions.NOW);
    }

    @Benchmark
    public ObjectNode mergePatch() {
        ObjectNode patch = Json.object();
        patch.putObject("metadata").putObject("annotations").put("note", "n" + number++);
        return client.patch(BuiltinTypes.PODS, patched, new Patch.Merge(patch), "");
    }
}
