package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.PortForwardRequest;

import java.net.URI;

/**
 * Where clients of CRI get the streams that they ask for: a server beside this one, because such
 * streams travel by HTTP. The requests are valid, their ids whole, what they name runs. Any thread.
 */
public interface StreamingUrls {

    URI exec(ExecRequest request);

    URI attach(AttachRequest request);

    URI portForward(PortForwardRequest request);
}
