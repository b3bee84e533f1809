package io.hypernetes.bench;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.etcd.EtcdSettings;
import io.hypernetes.store.etcd.EtcdStore;
import io.hypernetes.store.etcd.rpc.KVGrpc;
import io.hypernetes.store.etcd.rpc.PutRequest;
import io.hypernetes.store.memory.MemoryStore;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code ./hypernetes bench store}: durable creates of pod-sized values, side by side in one run on
 * one disk: raw puts of a real etcd with one member, our store over that etcd, SQLite, memory.
 */
public final class StoreBench {

    private static final int VALUE_BYTES = 2_600;
    private static final int WARM_SECONDS = 2;

    /** One durable write of a new key. */
    private interface Write {
        void make(String key, byte[] value);
    }

    /** What a row measures. */
    private record Row(String name, int clients, Write write) {}

    private record Figures(double rate, double median, double p99, double most) {}

    private StoreBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        measure(Scratch.folder(home, "bench-store"), seconds);
    }

    /**
     * Durable raw puts a second of an etcd of its own with one member; files under {@code scratch}.
     */
    public static double rawPuts(Path scratch, int clients, int seconds)
            throws IOException, InterruptedException {
        Files.createDirectories(scratch);
        try (EtcdCluster cluster = EtcdCluster.start(scratch, 1)) {
            ManagedChannel channel = channel(cluster);
            Row row = new Row("etcd, raw put", clients, puts(channel));
            run(row, WARM_SECONDS);
            double rate = run(row, seconds).rate();
            channel.shutdownNow();
            return rate;
        }
    }

    private static ManagedChannel channel(EtcdCluster cluster) {
        return NettyChannelBuilder.forTarget(cluster.members().getFirst()).usePlaintext().build();
    }

    private static Write puts(ManagedChannel channel) {
        KVGrpc.KVBlockingStub raw = KVGrpc.newBlockingStub(channel);
        return (key, value) ->
                raw.put(
                        PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFrom(value))
                                .build());
    }

    private static void measure(Path scratch, int seconds)
            throws IOException, InterruptedException {
        try (EtcdCluster cluster = EtcdCluster.start(scratch, 1);
                Store etcd = EtcdStore.open(EtcdSettings.of(cluster.members()));
                Store sqlite =
                        SqliteStore.open(scratch.resolve("state.db"), SqliteSettings.DEFAULT);
                Store memory = new MemoryStore()) {
            ManagedChannel channel = channel(cluster);
            Write put = puts(channel);
            List<Row> rows =
                    List.of(
                            new Row("etcd, raw put", 1, put),
                            new Row("store over etcd, create", 1, creates(etcd)),
                            new Row("store over SQLite, create", 1, creates(sqlite)),
                            new Row("etcd, raw put", 32, put),
                            new Row("store over etcd, create", 32, creates(etcd)),
                            new Row("store over SQLite, create", 32, creates(sqlite)),
                            new Row("store in memory, create", 32, creates(memory)));
            System.out.println(
                    "| what | clients | writes/s | of raw etcd | median ms | p99 ms | longest ms"
                            + " |");
            System.out.println("|---|---|---|---|---|---|---|");
            double etcdRate = 0;
            for (Row row : rows) {
                run(row, WARM_SECONDS);
                Figures figures = run(row, seconds);
                etcdRate = row.write() == put ? figures.rate() : etcdRate;
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.0f | %.2f | %.2f | %.1f | %.0f |%n",
                        row.name(),
                        row.clients(),
                        figures.rate(),
                        figures.rate() / etcdRate,
                        figures.median(),
                        figures.p99(),
                        figures.most());
            }
            channel.shutdownNow();
        }
    }

    private static Write creates(Store store) {
        return (key, value) -> {
            if (!(store.commit(Txn.create(StoreKey.of(key), value))
                    instanceof TxnResult.Committed)) {
                throw new IllegalStateException("not new: " + key);
            }
        };
    }

    private static final AtomicLong KEYS = new AtomicLong();

    private static Figures run(Row row, int seconds) throws InterruptedException {
        Samples samples = new Samples();
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        CountDownLatch done = new CountDownLatch(row.clients());
        for (int i = 0; i < row.clients(); i++) {
            int seed = i;
            Thread.startVirtualThread(() -> {
                byte[] value = new byte[VALUE_BYTES];
                new Random(seed).nextBytes(value);
                while (System.nanoTime() < end) {
                    String key = "/pods/t/default/p" + KEYS.incrementAndGet();
                    long start = System.nanoTime();
                    row.write().make(key, value.clone());
                    samples.add(System.nanoTime() - start);
                }
                done.countDown();
            });
        }
        done.await();
        double elapsed = (System.nanoTime() - begin) / 1e9;
        return new Figures(
                samples.count() / elapsed,
                samples.percentile(50),
                samples.percentile(99),
                samples.percentile(100));
    }
}
