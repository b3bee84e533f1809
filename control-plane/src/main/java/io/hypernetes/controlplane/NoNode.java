package io.hypernetes.controlplane;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;

import java.io.InputStream;
import java.util.Optional;

/** The way into pods of a server that runs none. */
public final class NoNode implements PodAccess {

    private static ApiException refusal() {
        return ApiException.of(
                Reason.SERVICE_UNAVAILABLE,
                "this server runs without a node agent: start it with the component 'node' to reach"
                        + " into pods");
    }

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        throw refusal();
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        throw refusal();
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        throw refusal();
    }
}
