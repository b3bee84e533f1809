package io.hypernetes.cli.assembly;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.PortForwardRequest;
import io.hypernetes.runtime.cri.StreamingUrls;
import io.hypernetes.server.streaming.StreamingServer;

import java.net.URI;
import java.util.List;

/** The runtime's streams behind the API server's protocols: kubelets know no others. */
final class CriStreams implements StreamingUrls, AutoCloseable {
    private final StreamingServer server;

    /**
     * @param streams by ids of containers and sandboxes
     */
    CriStreams(PodAccess streams) {
        this.server = new StreamingServer(streams);
    }

    @Override
    public URI exec(ExecRequest request) {
        return server.command(
                key(request.getContainerId()),
                new ExecOptions(
                        "",
                        List.copyOf(request.getCmdList()),
                        request.getTty(),
                        request.getStdin()),
                request.getStdout(),
                request.getStderr());
    }

    @Override
    public URI attach(AttachRequest request) {
        return server.command(
                key(request.getContainerId()),
                new ExecOptions("", List.of(), request.getTty(), request.getStdin()),
                request.getStdout(),
                request.getStderr());
    }

    @Override
    public URI portForward(PortForwardRequest request) {
        return server.portForward(key(request.getPodSandboxId()), request.getPortList());
    }

    /** The runtime knows no tenants: who may use its socket may use all of it. */
    private static ObjectKey key(String id) {
        return new ObjectKey(Tenant.SYSTEM, "", id);
    }

    @Override
    public void close() {
        server.close();
    }
}
