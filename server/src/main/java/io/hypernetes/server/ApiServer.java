package io.hypernetes.server;

import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.protobuf.ProtobufDecoder;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.server.access.Access;
import io.hypernetes.server.access.Authentication;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.aggregation.AggregationRouter;
import io.hypernetes.server.aggregation.Availability;
import io.hypernetes.server.aggregation.Backends;
import io.hypernetes.server.aggregation.ClaimedGroups;
import io.hypernetes.server.aggregation.Claims;
import io.hypernetes.server.audit.AuditRouter;
import io.hypernetes.server.custom.DefinitionController;
import io.hypernetes.server.custom.ThirdPartyController;
import io.hypernetes.server.discovery.ComponentStatusRouter;
import io.hypernetes.server.discovery.DiscoveryRouter;
import io.hypernetes.server.discovery.HealthRouter;
import io.hypernetes.server.http.HttpListener;
import io.hypernetes.server.jetty.JettyListener;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.observe.LoadMetrics;
import io.hypernetes.server.observe.MetricsRouter;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.outbound.PodDialer;
import io.hypernetes.server.policy.PolicyStatus;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceHandler;
import io.hypernetes.server.review.IssuerRouter;
import io.hypernetes.server.review.LoginRouter;
import io.hypernetes.server.review.ReviewRouter;
import io.hypernetes.server.streaming.PodSubresources;
import io.hypernetes.server.usage.UsageRouter;

import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** The API server over a registry. */
public final class ApiServer implements AutoCloseable {
    private final HealthRouter health;
    private final HttpListener listener;
    private final ResourceHandler resources;
    private final DefinitionController definitions;
    private final ThirdPartyController thirdParty;
    private final Availability availability;
    private final PolicyStatus policies;

    /**
     * @param authenticators asked in order; the first that knows the credentials decides
     * @param authorizers asked in order; the first that has an opinion decides
     * @param guard asked before a user writes a role or binding
     */
    public ApiServer(
            ApiServerConfig config,
            Registry registry,
            List<Authenticator> authenticators,
            List<Authorizer> authorizers,
            EscalationGuard guard,
            TokenIssuer tokens,
            PodAccess pods) {
        Decoding decoding = new Decoding(new ProtobufDecoder(registry.schemas(), new WireFields()));
        registry.dialer().use(new PodDialer(registry.reads(), pods), config.limits().urls());
        Access access = new Access(authorizers);
        Authentication authentication = new Authentication(authenticators);
        ServerMetrics metrics = config.observer().metrics();
        registry.admission().observedBy(metrics.admission());
        Gate gate =
                new Gate(authentication, access, registry.reads(), metrics, config.limits().flow());
        LoadMetrics.register(metrics, gate);
        LoadMetrics.register(metrics, registry.cache());
        resources =
                new ResourceHandler(
                        registry.types(),
                        registry.reads(),
                        registry.writes(),
                        new PodSubresources(registry, decoding, tokens, pods, gate),
                        decoding,
                        guard,
                        access::decide,
                        gate);
        health = new HealthRouter(registry);
        Claims claims = new Claims(registry.types(), registry.reads());
        Backends backends = new Backends(registry.reads(), registry.dialer(), config.frontProxy());
        policies = new PolicyStatus(registry.types(), registry.reads(), new LocalClient(registry));
        availability =
                new Availability(
                        registry.reads(), new LocalClient(registry), backends, Clock.systemUTC());
        List<Router> routers =
                List.of(
                        health,
                        new MetricsRouter(metrics),
                        new LoginRouter(tokens),
                        new AuditRouter(config.observer().tenants(), registry.reads()),
                        new IssuerRouter(tokens),
                        new ComponentStatusRouter(registry.reads()),
                        new ReviewRouter(
                                access,
                                authentication,
                                decoding,
                                tokens.discovery().map(TokenIssuer.Discovery::issuer)),
                        new AggregationRouter(claims, backends, gate),
                        new UsageRouter(new LocalClient(registry), pods.usages()),
                        new DiscoveryRouter(registry, new ClaimedGroups(claims, backends)));
        definitions =
                new DefinitionController(
                        registry.reads(),
                        new LocalClient(registry),
                        registry.types(),
                        resources::endOutdatedWatches,
                        Clock.systemUTC());
        thirdParty = new ThirdPartyController(registry.reads(), new LocalClient(registry));
        listener =
                new JettyListener(
                        config.address(),
                        config.tls(),
                        new Pipeline(gate, routers, resources, config.observer()),
                        config.limits().http());
    }

    /** Opens the port. Throws an IOException that says which address cannot be listened on. */
    public void start() throws IOException {
        definitions.start();
        thirdParty.start();
        availability.start();
        policies.start();
        listener.start();
    }

    public int port() {
        return listener.port();
    }

    /** Ends watches, lets other requests end, then closes the port. The registry stays open. */
    @Override
    public void close() {
        health.stop();
        resources.endWatches();
        listener.close();
        policies.close();
        availability.close();
        thirdParty.close();
        definitions.close();
    }
}
