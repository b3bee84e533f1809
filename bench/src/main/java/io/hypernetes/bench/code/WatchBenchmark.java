package io.hypernetes.bench.code;

import io.hypernetes.api.json.Json;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedProjection;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Txn;
import io.hypernetes.store.cache.CacheWatch;
import io.hypernetes.store.cache.WatchCache;
import io.hypernetes.store.memory.MemoryStore;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From a commit to the queues of 200 watchers of its namespace, for each event delivered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx1g"})
public class WatchBenchmark {

    private static final int WATCHERS = 200;
    private static final int EVENTS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MemoryStore store = new MemoryStore();
    private final WatchCache<Served> cache = WatchCache.open(store, new ServedProjection());
    private final byte[] pod = Json.writeStored(Pods.stored());
    private final List<CacheWatch<Served>> watches = new ArrayList<>();

    public WatchBenchmark() {
        ObjectRange range = ObjectRange.ofNamespace("", "pods", "system", "default");
        for (int i = 0; i < WATCHERS; i++) {
            watches.add(cache.watch(range, cache.revision(), 10_000));
        }
    }

    @TearDown
    public void close() {
        cache.close();
        store.close();
    }

    @Benchmark
    @OperationsPerInvocation(WATCHERS * EVENTS)
    public long dispatch() throws InterruptedException {
        for (int i = 0; i < EVENTS; i++) {
            ObjectPath path = new ObjectPath("", "pods", "system", "default", "web-" + i);
            store.commit(new Txn(List.of(), List.of(new Operation.Put(path.key(), pod))));
        }
        long bytes = 0;
        for (CacheWatch<Served> watch : watches) {
            bytes += drain(watch);
        }
        return bytes;
    }

    private static long drain(CacheWatch<Served> watch) throws InterruptedException {
        long bytes = 0;
        for (int seen = 0; seen < EVENTS; ) {
            if (!(watch.poll(PATIENCE) instanceof CacheWatch.Events<Served> some)) {
                throw new IllegalStateException("the watch ended");
            }
            for (var event : some.events()) {
                bytes += event.entry().bytes().length;
                seen++;
            }
        }
        return bytes;
    }
}
