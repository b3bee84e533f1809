package io.hypernetes.node;

import io.grpc.ManagedChannel;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The ways into a virtual machine: all through its guest's agent. */
record GuestAccess(ManagedChannel channel) implements SandboxAccess {

    /** Beyond the probe's own time: the way to the guest and back. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    @Override
    public PodAccess.Process exec(String container, ExecOptions options, Output output) {
        return GuestProcess.exec(channel, container, options, output);
    }

    @Override
    public PodAccess.Process attach(String container, ExecOptions options, Output output) {
        return GuestProcess.attach(channel, container, options, output);
    }

    @Override
    public Optional<PortStream> connect(String sandbox, int port, Duration patience) {
        return GuestPort.open(channel, sandbox, port, patience);
    }

    @Override
    public ProbeResponse probe(ProbeRequest request) {
        return GuestGrpc.newBlockingStub(channel)
                .withDeadlineAfter(
                        request.getTimeoutMillis() + SLACK.toMillis(), TimeUnit.MILLISECONDS)
                .probe(request);
    }
}
