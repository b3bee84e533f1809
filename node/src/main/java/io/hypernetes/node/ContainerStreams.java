package io.hypernetes.node;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;

import java.io.InputStream;
import java.util.Optional;

/** The streams of the runtime's own things: a container's or sandbox' id is the name of the key. */
record ContainerStreams(SandboxAccess inside) implements PodAccess {

    @Override
    public Process exec(ObjectKey container, ExecOptions options, Output output) {
        return options.command().isEmpty()
                ? inside.attach(container.name(), options, output)
                : inside.exec(container.name(), options, output);
    }

    @Override
    public Optional<PortStream> connect(ObjectKey sandbox, int port) {
        return inside.connect(sandbox.name(), port, SandboxAccess.PATIENCE);
    }

    @Override
    public InputStream logs(ObjectKey container, LogOptions options) {
        throw ApiException.badRequest("a runtime's logs are files; it serves none");
    }
}
