package io.hypernetes.server.access;

import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.request.RequestInfo;

import java.io.IOException;

/** A part of the server that answers some paths that are no resource. */
public interface Router {
    /**
     * @return false when the path is not of this part
     */
    boolean handle(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException;
}
