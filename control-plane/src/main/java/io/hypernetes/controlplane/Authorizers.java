package io.hypernetes.controlplane;

import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.identity.abac.AbacAuthorizer;
import io.hypernetes.identity.fixed.AlwaysAllow;
import io.hypernetes.identity.fixed.AlwaysDeny;
import io.hypernetes.identity.node.NodeAuthorizer;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.identity.webhook.WebhookAuthorizer;
import io.hypernetes.identity.webhook.WebhookFile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All who decide about rights, in the order that the configuration gives. */
final class Authorizers {

    /** How long a webhook's answer is good. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final IdentityConfig config;
    private final ChangeFeed feed;
    private final RbacAuthorizer rbac;
    private final Clock clock;

    /**
     * @param rbac started; it guards the writing of roles in every mode
     */
    Authorizers(IdentityConfig config, ChangeFeed feed, RbacAuthorizer rbac, Clock clock) {
        this.config = config;
        this.feed = feed;
        this.rbac = rbac;
        this.clock = clock;
    }

    /** Started; {@code parts} closes them. Throws IOException for a file that cannot be read. */
    List<Authorizer> start(Parts parts) throws IOException, InterruptedException {
        List<Authorizer> chain = new ArrayList<>();
        for (AuthorizationMode mode : config.modes()) {
            chain.add(
                    switch (mode) {
                        case NODE -> {
                            NodeAuthorizer node = parts.closing(new NodeAuthorizer(feed)).start();
                            node.awaitSynced();
                            yield node;
                        }
                        case RBAC -> rbac;
                        case ABAC ->
                                new AbacAuthorizer(
                                        file(config.abacPolicy(), "--authorization-policy-file"));
                        case WEBHOOK -> {
                            Path file =
                                    file(
                                            config.rightsWebhook(),
                                            "--authorization-webhook-config-file");
                            yield parts.closing(
                                    new WebhookAuthorizer(WebhookFile.read(file), FRESH, clock));
                        }
                        case ALWAYS_ALLOW -> new AlwaysAllow();
                        case ALWAYS_DENY -> new AlwaysDeny();
                    });
        }
        return chain;
    }

    private static Path file(Optional<Path> file, String flag) throws IOException {
        return file.orElseThrow(() -> new IOException("this authorization mode needs " + flag));
    }
}
