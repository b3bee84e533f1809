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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

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
        ServerProcess self = new ServerProcess(installation);
        if (self.running().isPresent()) {
            throw new CommandException(
                    "a server already runs on "
                            + installation.data()
                            + ", pid "
                            + self.running().get().pid());
        }
        Progress progress = new Progress(installation.runFolder().resolve("progress"), !background);
        progress.begin();
        self.record();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    end.countDown();
                                    awaitQuietly(ended);
                                },
                                "shutdown"));
        try (Cloud cloud = new Cloud(config, progress)) {
            Cloud.OperatorAccess access = cloud.start();
            String url = url(access.port());
            access.kubeconfig(url)
                    .write(
                            installation.operatorKubeconfig(),
                            "operator@hypernetes",
                            Optional.empty());
            progress.ready("ready: " + url);
            HeapGrowth.bound();
            end.await();
        } catch (RuntimeException | IOException e) {
            progress.failed(sentence(e));
            e.printStackTrace(System.err);
            return 1;
        } finally {
            self.forget();
            ended.countDown();
        }
        return 0;
    }

    /** The JVM ends as soon as its shutdown hooks have. */
    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.equals("null") ? e.toString() : message;
    }

    private CloudConfig config() throws IOException {
        return new CloudConfig(
                installation.data(),
                Path.of(System.getProperty("hypernetes.guest", "guest/target")),
                new InetSocketAddress(InetAddress.getByName(options.address()), options.port()),
                options.accelerator(),
                nodeName(),
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

    /** The host's name as a DNS subdomain. */
    private static String nodeName() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String clean = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        String trimmed = clean.replaceAll("^[-.]+|[-.]+$", "");
        return trimmed.isEmpty() ? "node" : trimmed;
    }

    private String url(int port) {
        String host = options.address().equals("0.0.0.0") ? "127.0.0.1" : options.address();
        return "https://" + host + ":" + port;
    }
}
