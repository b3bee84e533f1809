package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.PortStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One connection to a port of a pod, joined to a client's two byte streams. */
record ForwardedPort(PodAccess pods, ObjectKey pod, int port) {
    private static final int BUFFER = 32 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedPort.class);

    /**
     * Connects and copies both ways until the pod's side has ended. A client that has said all may
     * still read.
     *
     * @param errors gets a sentence when there is no connection; it stays open
     */
    void run(InputStream in, OutputStream out, OutputStream errors) throws IOException {
        Optional<PortStream> connected;
        try {
            connected = pods.connect(pod, port);
        } catch (ApiException e) {
            fail(errors, e.status().message());
            return;
        }
        if (connected.isEmpty()) {
            fail(errors, "dial tcp4 127.0.0.1:" + port + ": connect: connection refused");
            return;
        }
        try (PortStream far = connected.get()) {
            Thread.ofVirtual().name("port-input").start(() -> send(in, far));
            copy(far.input(), out);
        }
    }

    private void fail(OutputStream errors, String why) throws IOException {
        errors.write(
                ("error forwarding port " + port + " to pod " + pod.name() + ", uid : " + why)
                        .getBytes(StandardCharsets.UTF_8));
        errors.flush();
    }

    private static void send(InputStream in, PortStream far) {
        try (OutputStream out = far.output()) {
            copy(in, out);
        } catch (IOException e) {
            // The client is gone, or the pod reads no more: closing tells the other direction.
            far.close();
            LOG.debug("a forwarded connection ended: {}", e.getMessage());
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }
}
