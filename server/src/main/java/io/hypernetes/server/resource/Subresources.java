package io.hypernetes.server.resource;

import java.io.IOException;

/** Subresources that are more than a part of their object: logs, sessions, bindings, tokens. */
public interface Subresources {
    /** Throws NotFound for one that is not served. */
    void handle(ResourceRequest request) throws IOException, InterruptedException;

    /**
     * {@code bindings}: as {@code pods/binding}, for the pod that the body names.
     *
     * @param request for pods
     */
    void bind(ResourceRequest request) throws IOException, InterruptedException;
}
