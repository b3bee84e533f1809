package io.hypernetes.server.outbound;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.Reads;

/** Dials through the guests of pods. */
public final class PodDialer implements TenantDialer {
    private final Reads reads;
    private final PodAccess pods;
    private final ReadyEndpoints endpoints;

    public PodDialer(Reads reads, PodAccess pods) {
        this.reads = reads;
        this.pods = pods;
        this.endpoints = new ReadyEndpoints(reads);
    }

    @Override
    public PortStream dial(Place place) {
        return switch (place) {
            case Place.Pod(ObjectKey key, int port) -> open(key, port);
            case Place.Service(ObjectKey key, String port) -> {
                Place.Pod endpoint = endpoints.pick(key, port);
                yield open(endpoint.key(), endpoint.port());
            }
        };
    }

    private PortStream open(ObjectKey pod, int port) {
        // A pod that is gone is told from one that does not listen.
        reads.get(BuiltinTypes.PODS, pod.tenant(), pod.namespace(), pod.name());
        return pods.connect(pod, port)
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.SERVICE_UNAVAILABLE,
                                "error trying to reach service: pod "
                                        + pod.name()
                                        + " refuses connections to port "
                                        + port));
    }
}
