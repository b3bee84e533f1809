package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Probes and hooks may name a host and a port, and a kubelet dials them from its own machine. Here
 * they are dialled in the pod's machine: the node's own ports are out of a tenant's reach.
 */
class ProbesStayInsideIT {
    private static final String ACME = "acme";

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: prober}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              containers:
              - name: http
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                readinessProbe: {httpGet: {host: 127.0.0.1, port: %1$d}, periodSeconds: 1}
              - name: tcp
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                readinessProbe: {tcpSocket: {host: 127.0.0.1, port: %1$d}, periodSeconds: 1}
              - name: grpc
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                readinessProbe: {grpc: {port: %1$d}, periodSeconds: 1}
              - name: hook
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                lifecycle: {postStart: {httpGet: {host: 127.0.0.1, port: %1$d}}}
            """;

    @Test
    void theNodesOwnPortsAreNotDialled() throws IOException, InterruptedException {
        NodeCloud cloud = NodeCloud.get();
        AtomicInteger dialled = new AtomicInteger();
        try (ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> count(port, dialled));
            cloud.apply(ACME, POD.formatted(port.getLocalPort()));
            for (String told :
                    List.of(
                            "probe failed: Get \"http://127.0.0.1:",
                            "probe failed: dial tcp 127.0.0.1:",
                            "failed to connect service \"127.0.0.1:",
                            "FailedPostStartHook")) {
                cloud.await(told, () -> cloud.events(ACME, "prober").contains(told));
            }
            assertThat(dialled).hasValue(0);
        } finally {
            cloud.kubectl(ACME, "delete", "pod", "prober", "--now", "--ignore-not-found")
                    .succeeded();
        }
    }

    private static void count(ServerSocket port, AtomicInteger dialled) {
        while (!port.isClosed()) {
            try {
                port.accept().close();
                dialled.incrementAndGet();
            } catch (IOException e) {
                return; // the test is over
            }
        }
    }
}
