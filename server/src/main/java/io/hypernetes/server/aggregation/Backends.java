package io.hypernetes.server.aggregation;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer;
import io.hypernetes.api.client.TenantDialer.Place;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.outbound.AnyCertificate;
import io.hypernetes.server.outbound.ClientCertificate;
import io.hypernetes.server.outbound.HostAddresses;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.SocketPortStream;
import io.hypernetes.server.outbound.TenantUrls;
import io.hypernetes.server.outbound.TrustedAuthorities;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Connects to extension servers: inside the tenant's network. Only in the operator's own world may
 * a service stand for a place outside, by its external name. (Endpoints on loopback are refused by
 * their validation, as upstream.)
 */
public final class Backends {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Reads reads;
    private final TenantDialer dialer;
    private final ClientCertificate frontProxy;

    /**
     * @param frontProxy by which an extension server knows this one
     */
    public Backends(Reads reads, TenantDialer dialer, ClientCertificate frontProxy) {
        this.reads = reads;
        this.dialer = dialer;
        this.frontProxy = frontProxy;
    }

    /**
     * Throws ApiException when nobody is behind the service, IOException when it is no TLS peer.
     */
    HttpConnection connect(Claim claim) throws IOException {
        return HttpConnection.tls(
                dial(claim),
                claim.insecure()
                        ? AnyCertificate.context(frontProxy)
                        : TrustedAuthorities.context(claim.caBundle(), frontProxy),
                claim.host(),
                !claim.insecure());
    }

    private PortStream dial(Claim claim) throws IOException {
        Optional<InetSocketAddress> outside =
                claim.service().tenant().isSystem() ? outside(claim) : Optional.empty();
        return outside.isPresent()
                ? SocketPortStream.open(
                        outside.get().getAddress(), outside.get().getPort(), PATIENCE)
                : dialer.dial(new Place.Service(claim.service(), Integer.toString(claim.port())));
    }

    private Optional<InetSocketAddress> outside(Claim claim) throws IOException {
        ObjectKey key = claim.service();
        JsonNode spec =
                reads.get(BuiltinTypes.SERVICES, key.tenant(), key.namespace(), key.name())
                        .tree()
                        .path("spec");
        if (spec.path("type").asString("").equals("ExternalName")) {
            InetAddress address =
                    HostAddresses.resolve(spec.path("externalName").asString(""), TenantUrls.ALL);
            return Optional.of(new InetSocketAddress(address, claim.port()));
        }
        return Optional.empty();
    }
}
