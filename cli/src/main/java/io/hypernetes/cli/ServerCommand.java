package io.hypernetes.cli;

import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.HeapGrowth;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code hypernetes server}: the same as {@code up}, in the foreground. */
@Command(
        name = "server",
        description = "Run everything in the foreground, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private ServerOptions options = new ServerOptions();

    @Option(names = "--background", hidden = true, description = "Started by up.")
    private boolean background;

    @Override
    public Integer call() throws InterruptedException, IOException {
        CloudConfig config = config();
        Preconditions.check(installation, options.components());
        return new Foreground(installation, background).run(progress -> start(config, progress));
    }

    private Cloud start(CloudConfig config, Progress progress)
            throws IOException, InterruptedException {
        Cloud cloud = new Cloud(config, progress);
        try {
            Cloud.OperatorAccess access = cloud.start();
            String url = url(access.port());
            access.kubeconfig(url)
                    .write(
                            installation.operatorKubeconfig(),
                            "operator@hypernetes",
                            Optional.empty());
            progress.ready("ready: " + url);
            HeapGrowth.bound();
            return cloud;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cloud.close();
            throw e;
        }
    }

    private CloudConfig config() throws IOException {
        return new CloudConfig(
                installation.data(),
                Path.of(System.getProperty("hypernetes.guest", "guest/target")),
                new InetSocketAddress(InetAddress.getByName(options.address()), options.port()),
                options.runtimes(),
                NodeOptions.hostName(),
                options.components(),
                options.store().location(installation.data()),
                options.pki().orElse(installation.data().resolve("pki")),
                options.identity(),
                options.audit(),
                options.networks(),
                options.limits(),
                options.tenantSecurity(),
                "v" + Version.NUMBER);
    }

    private String url(int port) {
        String host = options.address().equals("0.0.0.0") ? "127.0.0.1" : options.address();
        return "https://" + host + ":" + port;
    }
}
