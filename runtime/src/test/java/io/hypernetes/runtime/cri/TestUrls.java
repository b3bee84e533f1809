package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.PortForwardRequest;

import java.net.URI;

/** Says what it was asked for: the server behind such addresses is not the runtime's. */
final class TestUrls implements StreamingUrls {

    @Override
    public URI exec(ExecRequest request) {
        return URI.create("test:/exec/" + request.getContainerId() + "/" + request.getCmd(0));
    }

    @Override
    public URI attach(AttachRequest request) {
        return URI.create("test:/attach/" + request.getContainerId());
    }

    @Override
    public URI portForward(PortForwardRequest request) {
        return URI.create("test:/portforward/" + request.getPodSandboxId());
    }
}
