package io.hypernetes.cli;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.identity.webhook.CreatorReviews;
import io.hypernetes.identity.webhook.ReviewServer;
import io.hypernetes.tenancy.AuthController;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code hypernetes admission-webhook}: who made a namespace, for any Kubernetes. */
@Command(
        name = "admission-webhook",
        description = {
            "Write into each new namespace of another Kubernetes who made it, for the command",
            "auth-controller. Prints the MutatingWebhookConfiguration to apply there and runs"
                    + " until",
            "Ctrl-C."
        },
        mixinStandardHelpOptions = true)
final class AdmissionWebhookCommand implements Callable<Integer> {

    private static final int LONGEST_REVIEW = 8 << 20;

    @Mixin private WebhookOptions webhook = new WebhookOptions();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "How that Kubernetes reaches this webhook (default: where it listens).")
    private @Nullable String url;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            required = true,
            description = "Who signed the certificate, PEM; goes into the configuration.")
    private Path authority = Path.of("");

    @Option(
            names = "--annotation",
            paramLabel = "KEY",
            description = "The annotation (default: ${DEFAULT-VALUE}).",
            defaultValue = AuthController.CREATOR)
    private String annotation = AuthController.CREATOR;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String bundle = Base64.getEncoder().encodeToString(readAuthority());
        CreatorReviews reviews = new CreatorReviews(annotation);
        try (Termination end = new Termination();
                ReviewServer server =
                        new ReviewServer(
                                webhook.at(), webhook.tls(), LONGEST_REVIEW, reviews::answer)) {
            String reached = url == null ? webhook.url(server.port()) : url;
            ObjectNode configuration = configuration(reached, bundle);
            System.out.println(new String(Yaml.write(configuration), StandardCharsets.UTF_8));
            System.err.println("listening on " + webhook.url(server.port()));
            end.await();
        }
        return 0;
    }

    private byte[] readAuthority() {
        try {
            return Files.readAllBytes(authority);
        } catch (IOException e) {
            throw new CommandException("--ca-file cannot be read: " + e, e);
        }
    }

    /** Without an answer nothing is made: a namespace without its maker would be nobody's. */
    private static ObjectNode configuration(String url, String bundle) {
        ObjectNode configuration = Json.object();
        configuration
                .put("apiVersion", "admissionregistration.k8s.io/v1")
                .put("kind", "MutatingWebhookConfiguration");
        configuration.putObject("metadata").put("name", "namespace-creator.hypernetes.io");
        ObjectNode hook = configuration.putArray("webhooks").addObject();
        hook.put("name", "namespace-creator.hypernetes.io");
        hook.putObject("clientConfig").put("url", url).put("caBundle", bundle);
        ObjectNode rule = hook.putArray("rules").addObject();
        List.of("CREATE", "UPDATE").forEach(rule.putArray("operations")::add);
        rule.putArray("apiGroups").add("");
        rule.putArray("apiVersions").add("v1");
        // The subresources write metadata too.
        List.of("namespaces", "namespaces/status", "namespaces/finalize")
                .forEach(rule.putArray("resources")::add);
        rule.put("scope", "Cluster");
        hook.put("failurePolicy", "Fail").put("sideEffects", "None").put("timeoutSeconds", 5);
        hook.put("reinvocationPolicy", "IfNeeded");
        hook.putArray("admissionReviewVersions").add("v1");
        return configuration;
    }
}
