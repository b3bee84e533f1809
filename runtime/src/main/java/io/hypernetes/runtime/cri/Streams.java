package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.PortForwardRequest;
import io.hypernetes.runtime.agent.GuestAgent;

import java.net.URI;

/** Asks for streams only what can be had: what is wrong is told by the call, not by its URL. */
record Streams(Sandboxes sandboxes, Containers containers, StreamingUrls urls) {

    URI exec(ExecRequest request) {
        check(request.getTty(), request.getStdin(), request.getStdout(), request.getStderr());
        if (request.getCmdCount() == 0) {
            throw Failures.invalid("exec needs a command");
        }
        return urls.exec(request.toBuilder().setContainerId(id(request.getContainerId())).build());
    }

    URI attach(AttachRequest request) {
        check(request.getTty(), request.getStdin(), request.getStdout(), request.getStderr());
        String id = id(request.getContainerId());
        return urls.attach(request.toBuilder().setContainerId(id).build());
    }

    URI portForward(PortForwardRequest request) {
        for (int port : request.getPortList()) {
            if (port < 1 || port > 65535) {
                throw Failures.invalid("a port is 1 to 65535, not " + port);
            }
        }
        Sandbox sandbox = sandboxes.get(request.getPodSandboxId());
        GuestAgent unused = sandbox.agent(); // throws when there is no machine
        return urls.portForward(request.toBuilder().setPodSandboxId(sandbox.id()).build());
    }

    private String id(String id) {
        return containers.running(id).container().record().id();
    }

    /** What CRI's comments say of these fields. */
    private static void check(boolean tty, boolean stdin, boolean stdout, boolean stderr) {
        if (!stdin && !stdout && !stderr) {
            throw Failures.invalid("one of stdin, stdout, stderr must be set");
        }
        if (tty && stderr) {
            throw Failures.invalid("a terminal has no stderr of its own: set tty or stderr");
        }
    }
}
