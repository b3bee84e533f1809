package io.hypernetes.server.http;

import java.io.IOException;

/** Answers requests; called on the request's own virtual thread. */
@FunctionalInterface
public interface Handler {
    /** Throws {@link io.hypernetes.api.ApiException} for an answer that is a Status. */
    void handle(Exchange exchange) throws IOException, InterruptedException;
}
