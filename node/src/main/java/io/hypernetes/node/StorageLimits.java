package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.cri.v1.ContainerStats;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Has pods go that have written more than their limits allow: {@code emptyDir.sizeLimit} and {@code
 * ephemeral-storage} ("Local ephemeral storage", Kubernetes documentation). Only pods that have
 * such a limit are asked, each by its own guest, at the same time: one that hangs delays nobody.
 * One virtual thread, and one for each pod while it is asked.
 */
final class StorageLimits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StorageLimits.class);

    /** Has a pod end for this reason. */
    @FunctionalInterface
    interface Evictor {
        void evict(ObjectKey key, ObjectNode pod, String message);
    }

    private final Supplier<List<TenantObject>> pods;
    private final PodRuntime runtime;
    private final PodSetup setup;
    private final PodLogs logs;
    private final Evictor evictor;
    private final Duration period;
    private final Thread thread = Thread.ofVirtual().name("storage-limits").unstarted(this::run);

    /**
     * @param pods that this machine runs by this runtime
     */
    StorageLimits(
            Supplier<List<TenantObject>> pods,
            PodRuntime runtime,
            PodSetup setup,
            PodLogs logs,
            Evictor evictor,
            Duration period) {
        this.pods = pods;
        this.runtime = runtime;
        this.setup = setup;
        this.logs = logs;
        this.evictor = evictor;
        this.period = period;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(period);
                pass();
            }
        } catch (InterruptedException _) {
            LOG.debug("the limits of storage are watched no more");
        }
    }

    private void pass() {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (TenantObject item : pods.get()) {
                if (LocalStorage.isLimited(item.object().path("spec"))) {
                    each.execute(() -> look(item));
                }
            }
        }
    }

    private void look(TenantObject item) {
        ObjectNode pod = item.object();
        ObjectKey key = new ObjectKey(item.tenant(), Metadata.namespace(pod), Metadata.name(pod));
        try {
            measured(key, pod)
                    .flatMap(storage -> storage.breach(pod.path("spec")))
                    .ifPresent(message -> evictor.evict(key, pod, message));
        } catch (StatusRuntimeException e) {
            LOG.debug("what {} has written cannot be measured: {}", key, e.getStatus());
        }
    }

    private Optional<LocalStorage> measured(ObjectKey key, ObjectNode pod) {
        return runtime.sandboxes(key).stream()
                .filter(sandbox -> sandbox.ready() && sandbox.uid().equals(Metadata.uid(pod)))
                .findFirst()
                .map(sandbox ->
                        new LocalStorage(
                                setup.volumeBytes(sandbox),
                                layers(sandbox.id()),
                                logs(logs.directory(key.tenant(), pod))));
    }

    private Map<String, Long> layers(String sandbox) {
        Map<String, Long> bytes = new HashMap<>();
        for (ContainerStats container : runtime.stats(sandbox)) {
            bytes.merge(
                    container.getAttributes().getMetadata().getName(),
                    container.getWritableLayer().getUsedBytes().getValue(),
                    Long::sum);
        }
        return bytes;
    }

    /** By container, all of its runs. */
    static Map<String, Long> logs(Path folder) {
        Map<String, Long> bytes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String container = String.valueOf(folder.relativize(file).getName(0));
                bytes.merge(container, Files.size(file), Long::sum);
            }
        } catch (IOException e) {
            LOG.debug("logs in {} are on their way out: {}", folder, e.getMessage());
        }
        return bytes;
    }
}
