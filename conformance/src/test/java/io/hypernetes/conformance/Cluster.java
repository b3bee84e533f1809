package io.hypernetes.conformance;

import io.hypernetes.embedded.KubernetesApiServer;

import org.junit.jupiter.api.extension.ExtensionContext;

/** The server of all tests: started by the first that asks, closed after the last. */
final class Cluster implements AutoCloseable {
    private final KubernetesApiServer server = KubernetesApiServer.builder().workloads().start();
    private final FakeNode node = FakeNode.alone(server.client());

    static Cluster of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Cluster.class))
                .computeIfAbsent(Cluster.class, _ -> new Cluster(), Cluster.class);
    }

    KubernetesApiServer server() {
        return server;
    }

    @Override
    public void close() {
        node.close();
        server.close();
    }
}
