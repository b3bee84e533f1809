package io.hypernetes.installation;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Identity;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllers.NamespaceController;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.controlplane.NoNode;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.webhook.WebhookAuthenticator;
import io.hypernetes.identity.webhook.WebhookFile;
import io.hypernetes.server.local.LocalFeed;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.store.memory.MemoryStore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The front door of an API server of ours, in this process, without an auth-controller. */
record OwnKubernetes(String url, Parts parts) implements SharedWorld {

    static OwnKubernetes start(CertificateAuthority authority, Optional<Path> tokens)
            throws IOException, InterruptedException {
        Parts parts = new Parts();
        MemoryStore store = parts.closing(new MemoryStore());
        ControlPlane plane = parts.closing(ControlPlane.open(store, authority, Clock.systemUTC()));
        FeedReader feed = parts.closing(new FeedReader(new LocalFeed(plane.registry())));
        parts.closing(
                        new NamespaceController(
                                plane.client(), plane.registry().types(), feed, Clock.systemUTC()))
                .start();
        feed.start();
        List<Authenticator> more =
                tokens.isPresent() ? List.of(webhook(parts, tokens.get())) : List.of();
        ControlPlane.Listening listening =
                parts.closing(
                        plane.listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Observer.unaudited(new ServerMetrics()),
                                more,
                                new NoNode()));
        return new OwnKubernetes("https://127.0.0.1:" + listening.port(), parts);
    }

    /** Whom the webhook knows acts in the one world that there is. */
    private static Authenticator webhook(Parts parts, Path config) throws IOException {
        Duration fresh = Duration.ofSeconds(1);
        WebhookAuthenticator webhook =
                parts.closing(
                        new WebhookAuthenticator(
                                WebhookFile.read(config), fresh, Clock.systemUTC()));
        return credentials ->
                webhook.authenticate(credentials)
                        .map(known ->
                                new Identity(
                                        known.user(),
                                        Optional.of(Tenant.SYSTEM),
                                        Set.of(Tenant.SYSTEM),
                                        false));
    }

    @Override
    public void close() {
        parts.close();
    }
}
