package io.hypernetes.cli;

import io.hypernetes.httpclient.Kubeconfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question about oneself, asked by kubectl, which knows every way of logging in: as the operator
 * unless a kubeconfig is named, in the world that is meant by default unless a tenant is named.
 */
abstract class ReviewCommand {

    @Mixin private Installation installation = new Installation();

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "In whose world (default: the kubeconfig's).")
    private @Nullable String tenant;

    @Parameters(arity = "0..*", description = "More arguments of kubectl's.")
    private List<String> arguments = List.of();

    int ask(String question) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (tenant != null) {
            command.add("--server=" + server(tenant));
        }
        command.addAll(List.of("auth", question));
        command.addAll(arguments);
        return ClientProgram.KUBECTL.run(installation, command);
    }

    private String server(String world) throws IOException {
        Path file =
                Optional.ofNullable(System.getenv("KUBECONFIG"))
                        .map(Path::of)
                        .orElseGet(() -> installation.operatorKubeconfig());
        String server = Kubeconfig.read(file).server();
        return server.replaceAll("(/tenants/[^/]+)?/?$", "") + "/tenants/" + world;
    }
}
