package io.hypernetes.cli;

import io.hypernetes.identity.remote.Trust;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** Where a webhook of ours listens, and what it shows. */
final class WebhookOptions {

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

    InetSocketAddress at() throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    String url(int listening) {
        return "https://" + address + ":" + listening;
    }

    SSLContext tls() {
        try {
            Trust.Client own =
                    new Trust.Client(Files.readString(certificate), Files.readString(key));
            return Trust.context(Optional.empty(), Optional.of(own));
        } catch (IOException e) {
            throw new CommandException("the certificate or its key cannot be read: " + e, e);
        }
    }
}
