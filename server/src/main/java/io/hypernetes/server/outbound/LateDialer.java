package io.hypernetes.server.outbound;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer;

import java.io.IOException;
import java.net.InetAddress;
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

    private volatile TenantUrls urls = TenantUrls.NONE;

    /**
     * @param allowed where the host itself connects to for tenants
     */
    public void use(TenantDialer real, TenantUrls allowed) {
        dialer.set(real);
        urls = allowed;
    }

    /**
     * The address of a URL's host. Throws IOException when it cannot be resolved, or is none of the
     * tenant's business.
     */
    public InetAddress resolve(String host, boolean operator) throws IOException {
        return HostAddresses.resolve(host, operator ? TenantUrls.ALL : urls);
    }

    @Override
    public PortStream dial(Place place) {
        return dialer.get().dial(place);
    }
}
