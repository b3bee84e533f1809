package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;

import java.time.Duration;
import java.util.Optional;

/**
 * The ways into a sandbox for which CRI has no call, or one that says too little. Failures of the
 * runtime come out as {@link io.grpc.StatusRuntimeException}. Any thread may use it.
 */
interface SandboxAccess {

    /** How long a pod may take to connect to its own port, when nobody says. */
    Duration PATIENCE = Duration.ofSeconds(30);

    /** Starts a process in a container. */
    PodAccess.Process exec(String container, ExecOptions options, Output output);

    /** The container's own process. */
    PodAccess.Process attach(String container, ExecOptions options, Output output);

    /** Empty when nothing listens on that port, or takes the connection in this time. */
    Optional<PortStream> connect(String sandbox, int port, Duration patience);

    /** A request, or a connection, made from inside. */
    ProbeResponse probe(ProbeRequest request);
}
