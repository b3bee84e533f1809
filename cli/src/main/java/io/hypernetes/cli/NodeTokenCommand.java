package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cli.assembly.PinnedAuthority;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;

/** {@code hypernetes node token}: a token by which machines join, for a while. */
@Command(
        name = "token",
        description = "Make a token by which machines join, and say how.",
        mixinStandardHelpOptions = true)
final class NodeTokenCommand implements Callable<Integer> {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID = 6;
    private static final int SECRET = 16;
    private static final String BINDING = "hypernetes:node-bootstrapper";

    @Mixin private Installation installation = new Installation();

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "How long it is good (default: ${DEFAULT-VALUE}).",
            defaultValue = "24")
    private int hours = 24;

    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() throws IOException {
        Kubeconfig operator = installation.operator();
        String id = text(ID);
        String secret = text(SECRET);
        try (RemoteClient client = installation.client()) {
            bind(client);
            client.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, token(id, secret));
        }
        System.err.printf(
                """
                Write the token into a file on the other machine, and run there, as root:
                  ./hypernetes node join %s --token-file FILE --ca-hash %s \\
                    --tunnel DEVICE=ADDRESS/LENGTH

                """,
                operator.server(), PinnedAuthority.hash(operator.authority()));
        System.out.println(id + "." + secret);
        return 0;
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private ObjectNode token(String id, String secret) {
        ObjectNode token = Json.object();
        token.putObject("metadata")
                .put("name", "bootstrap-token-" + id)
                .put("namespace", "kube-system");
        token.put("type", "bootstrap.kubernetes.io/token");
        Instant end = Instant.now().plus(Duration.ofHours(hours)).truncatedTo(ChronoUnit.SECONDS);
        token.putObject("stringData")
                .put("token-id", id)
                .put("token-secret", secret)
                .put("expiration", end.toString())
                .put("usage-bootstrap-authentication", "true");
        return token;
    }

    /** Who comes with a token asks for a certificate and does nothing else, as with kubeadm. */
    private static void bind(Client client) {
        ObjectNode binding = Json.object();
        binding.putObject("metadata").put("name", BINDING);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "ClusterRole")
                .put("name", "system:node-bootstrapper");
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Group")
                .put("name", "system:bootstrappers");
        try {
            client.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Tenant.SYSTEM, binding);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }
}
