package io.hypernetes.cli;

import io.hypernetes.identity.keystone.KeystoneAuthenticator;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.remote.Trust;
import io.hypernetes.identity.webhook.TokenReviewServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code hypernetes token-webhook}: Keystone's tokens for any Kubernetes. */
@Command(
        name = "token-webhook",
        description = {
            "Answer TokenReviews by asking Keystone, for an upstream kube-apiserver with",
            "--authentication-token-webhook-config-file. Runs until Ctrl-C."
        },
        mixinStandardHelpOptions = true)
final class TokenWebhookCommand implements Callable<Integer> {

    @Mixin private KeystoneOptions keystone = new KeystoneOptions();

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.0.0.1")
    private String address = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on (default: ${DEFAULT-VALUE}; 0 takes a free one).",
            defaultValue = "8443")
    private int port = 8443;

    @Option(
            names = "--tls-cert-file",
            paramLabel = "FILE",
            required = true,
            description = "The certificate to show, PEM.")
    private Path certificate = Path.of("");

    @Option(
            names = "--tls-private-key-file",
            paramLabel = "FILE",
            required = true,
            description = "Its key, PKCS#8 in PEM.")
    private Path key = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        KeystoneSettings settings =
                keystone.settings()
                        .orElseThrow(() -> new CommandException("--keystone-url is needed"));
        Trust.Client own;
        try {
            own = new Trust.Client(Files.readString(certificate), Files.readString(key));
        } catch (IOException e) {
            throw new CommandException("the certificate or its key cannot be read: " + e, e);
        }
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(end::countDown, "shutdown"));
        InetSocketAddress at = new InetSocketAddress(InetAddress.getByName(address), port);
        try (KeystoneAuthenticator authenticator =
                        KeystoneAuthenticator.withoutTenants(settings, Clock.systemUTC());
                TokenReviewServer server =
                        new TokenReviewServer(
                                at,
                                Trust.context(Optional.empty(), Optional.of(own)),
                                authenticator)) {
            System.out.println("listening on https://" + address + ":" + server.port());
            end.await();
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }
}
