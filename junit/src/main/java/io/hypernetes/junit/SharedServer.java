package io.hypernetes.junit;

import io.hypernetes.embedded.KubernetesApiServer;

import org.junit.jupiter.api.extension.ExtensionContext;

/** The server of this JVM's tests: started by the first that asks, closed after the last. */
final class SharedServer implements AutoCloseable {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedServer.class);

    private final KubernetesApiServer server = KubernetesApiServer.builder().start();

    static KubernetesApiServer of(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedServer.class, _ -> new SharedServer(), SharedServer.class)
                .server;
    }

    @Override
    public void close() {
        server.close();
    }
}
