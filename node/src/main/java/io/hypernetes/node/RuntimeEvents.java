package io.hypernetes.node;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.cri.v1.ContainerEventResponse;
import io.hypernetes.cri.v1.GetEventsRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Has a pod looked at as soon as one of its containers starts or ends. A runtime without events, as
 * containerd before 1.7, is asked every second what it has, as upstream's kubelet does. One virtual
 * thread.
 */
final class RuntimeEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeEvents.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final PodRuntime runtime;
    private final Consumer<ObjectKey> look;
    private final Thread thread = Thread.ofVirtual().name("runtime-events").unstarted(this::run);

    /** What was there at the last look, of a runtime without events. */
    private Set<PodRuntime.Seen> seen = Set.of();

    private boolean away;

    RuntimeEvents(PodRuntime runtime, Consumer<ObjectKey> look) {
        this.runtime = runtime;
        this.look = look;
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
                boolean offered = follow();
                Thread.sleep(PERIOD);
                lookAround(offered);
            }
        } catch (InterruptedException _) {
            LOG.debug("the events of {} end", runtime.name());
        }
    }

    private void lookAround(boolean offered) {
        try {
            if (offered) {
                runtime.sandboxes().forEach(sandbox -> look.accept(sandbox.pod()));
            } else {
                compare();
            }
            away = false;
        } catch (StatusRuntimeException e) {
            if (!away) {
                LOG.warn("{} does not answer: {}", runtime.name(), PodRuntime.message(e));
            }
            away = true;
        }
    }

    /**
     * Until they break off.
     *
     * @return whether the runtime has events
     */
    private boolean follow() throws InterruptedException {
        Events events = new Events();
        RuntimeServiceGrpc.newStub(runtime.channel())
                .getContainerEvents(GetEventsRequest.getDefaultInstance(), events);
        try {
            return events.ended.get() != Status.Code.UNIMPLEMENTED;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void compare() {
        Set<PodRuntime.Seen> now = runtime.seen();
        Set<ObjectKey> changed = new HashSet<>();
        now.stream().filter(one -> !seen.contains(one)).forEach(one -> changed.add(one.pod()));
        seen.stream().filter(one -> !now.contains(one)).forEach(one -> changed.add(one.pod()));
        seen = now;
        changed.forEach(look);
    }

    private final class Events implements StreamObserver<ContainerEventResponse> {
        private final CompletableFuture<Status.Code> ended = new CompletableFuture<>();

        @Override
        public void onNext(ContainerEventResponse event) {
            Map<String, String> labels = event.getPodSandboxStatus().getLabelsMap();
            if (labels.containsKey(CriConfigs.TENANT)) {
                look.accept(PodRuntime.key(labels));
            }
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("the runtime's events broke off: {}", failure.getMessage());
            ended.complete(Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            ended.complete(Status.Code.OK);
        }
    }
}
