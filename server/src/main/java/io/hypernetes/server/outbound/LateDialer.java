package io.hypernetes.server.outbound;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The dialer of a registry. Admission stands before there is a way into the pods, which comes with
 * the server; until then nothing can be reached.
 */
public final class LateDialer implements TenantDialer {
    private final AtomicReference<TenantDialer> dialer =
            new AtomicReference<>(place -> {
                throw ApiException.of(
                        Reason.SERVICE_UNAVAILABLE,
                        "no node is connected to this server yet; try again");
            });

    public void use(TenantDialer real) {
        dialer.set(real);
    }

    @Override
    public PortStream dial(Place place) {
        return dialer.get().dial(place);
    }
}
