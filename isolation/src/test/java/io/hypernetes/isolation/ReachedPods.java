package io.hypernetes.isolation;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** In the place of a node: writes down into whose pods the server goes. */
final class ReachedPods implements PodAccess {
    private static final String TARPIT = "tarpit";

    private final Set<ObjectKey> reached = ConcurrentHashMap.newKeySet();

    Set<ObjectKey> reached() {
        return Set.copyOf(reached);
    }

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        reached.add(pod);
        return new ByteArrayInputStream(
                ("log of " + pod.tenant()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        reached.add(pod);
        throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "inside a pod of " + pod.tenant());
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        reached.add(pod);
        return pod.name().equals(TARPIT) ? Optional.of(new Tarpit()) : Optional.empty();
    }

    /** A server that takes everything and never says a word. */
    private static final class Tarpit implements PortStream {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public InputStream input() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException();
                    }
                    return -1;
                }
            };
        }

        @Override
        public OutputStream output() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
