package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.identity.remote.Trust;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/**
 * The command {@code server} with everything that it can ask about people and rights, and beside it
 * the command {@code token-webhook} over a real Keystone in TLS; for all tests of this process.
 *
 * @param directory for files of tests
 * @param policies the file of the mode ABAC
 */
record AccessServer(
        Path directory,
        KeystoneProcess keystone,
        Path keystoneAuthority,
        OidcProvider oidc,
        Path policies,
        Kubeconfig operator) {

    private static final Pattern LISTENING = Pattern.compile("https://127\\.0\\.0\\.1:\\d+");

    private static final String TOKENS =
            """
            tinas-token,tina,7,
            wandas-token,wanda,8,
            doras-token,dora,9,
            """;

    /** Guarded by the class. */
    private static @Nullable AccessServer started;

    /** The same for all; it ends with the process. */
    static synchronized AccessServer get() throws IOException, InterruptedException {
        AccessServer present = started;
        if (present == null) {
            present = start(Files.createTempDirectory("access-server"));
            started = present;
        }
        return present;
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Of the operator, as the server wrote it. */
    Path operatorConfig() {
        return data().resolve("operator.kubeconfig");
    }

    RemoteClient operatorClient() {
        return new RemoteClient(operator);
    }

    Kubeconfig access(String user, String token) {
        return new Kubeconfig(
                operator.server(), operator.authority(), user, new Kubeconfig.Proof.Token(token));
    }

    /** Believes the server. */
    SSLContext trust() {
        return Trust.context(Optional.of(operator.authority()), Optional.empty());
    }

    /** What a command has written. */
    Path log(String command) {
        return directory.resolve(command + ".log");
    }

    static void until(Callable<Boolean> holds) {
        await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(200)).until(holds);
    }

    private static AccessServer start(Path directory) throws IOException, InterruptedException {
        KeystoneProcess keystone = KeystoneCloud.get().keystone();
        OidcProvider oidc = new OidcProvider();
        List<Process> processes = new ArrayList<>();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(processes, directory), "access-server-end"));
        Path keystoneAuthority = write(directory, "keystone-ca.crt", keystone.authority());
        Path policies = write(directory, "policies.jsonl", "");
        Path data = directory.resolve("data");
        Path operatorConfig = data.resolve("operator.kubeconfig");
        Path webhook = tokenWebhook(processes, directory, keystone, keystoneAuthority);
        launch(
                processes,
                directory,
                "server",
                "--data=" + data,
                "--store=memory:",
                "--components=api,controllers",
                "--port=0",
                "--token-auth-file=" + write(directory, "tokens.csv", TOKENS),
                "--oidc-issuer-url=" + oidc.issuer(),
                "--oidc-client-id=hypernetes",
                "--oidc-username-claim=email",
                "--oidc-username-prefix=oidc:",
                "--oidc-groups-claim=teams",
                "--oidc-groups-prefix=oidc:",
                "--oidc-ca-file=" + write(directory, "oidc-ca.crt", oidc.authority()),
                "--authentication-token-webhook-config-file=" + webhook,
                "--authorization-mode=ABAC,Webhook,RBAC,AlwaysDeny",
                "--authorization-policy-file=" + policies,
                "--authorization-webhook-config-file="
                        + new RightsWebhook().write(directory.resolve("rights.kubeconfig")));
        until(() -> Files.exists(operatorConfig));
        return new AccessServer(
                directory,
                keystone,
                keystoneAuthority,
                oidc,
                policies,
                Kubeconfig.read(operatorConfig));
    }

    /** By the names that the options had in the seed; a kubeconfig of it. */
    private static Path tokenWebhook(
            List<Process> processes,
            Path directory,
            KeystoneProcess keystone,
            Path keystoneAuthority)
            throws IOException {
        CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
        KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
        Path output =
                launch(
                        processes,
                        directory,
                        "token-webhook",
                        "--port=0",
                        "--experimental-keystone-url=" + keystone.secureUrl(),
                        "--experimental-keystone-ca-file=" + keystoneAuthority,
                        "--keystone-timeout-seconds=60",
                        "--keystone-revalidate-seconds=300",
                        "--tls-cert-file=" + write(directory, "tls.crt", own.certificatePem()),
                        "--tls-private-key-file=" + write(directory, "tls.key", own.keyPem()));
        until(() -> LISTENING.matcher(Files.readString(output)).find());
        Matcher address = LISTENING.matcher(Files.readString(output));
        assertThat(address.find()).isTrue();
        Path config = directory.resolve("webhook.kubeconfig");
        new Kubeconfig(
                        address.group(),
                        authority.certificatePem(),
                        "server",
                        new Kubeconfig.Proof.Token("none"))
                .write(config, "webhook", Optional.empty());
        return config;
    }

    private static Path launch(
            List<Process> processes, Path directory, String command, String... options)
            throws IOException {
        Path output = directory.resolve(command + ".log");
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options));
        processes.add(
                Commands.start(
                        Map.of(), output, Commands.program(arguments.toArray(String[]::new))));
        return output;
    }

    private static Path write(Path directory, String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void end(List<Process> processes, Path directory) {
        for (Process process : processes) {
            process.destroyForcibly();
        }
        processes.forEach(process -> process.onExit().join());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
