package io.hypernetes.cli;

import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.network.Underlay;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a machine that joins is. */
final class NodeOptions {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The node's name (default: this machine's).")
    private String name = "";

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description =
                    "Address of this machine that the API server reaches (default: that by which"
                            + " this machine reaches the API server).")
    private String address = "";

    @Option(
            names = "--tunnel",
            paramLabel = "DEVICE=ADDRESS/LENGTH",
            required = true,
            description =
                    "A network device of this machine that leads to the other machines, and the"
                            + " address that it has among them; it is taken over.")
    private String tunnel = "";

    @Mixin private RuntimeOptions runtime = new RuntimeOptions();

    PodRuntimes runtimes() {
        return runtime.runtimes();
    }

    String name() throws IOException {
        return name.isEmpty() ? hostName() : name;
    }

    /** The host's name as a DNS subdomain. */
    static String hostName() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String clean = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        String trimmed = clean.replaceAll("^[-.]+|[-.]+$", "");
        return trimmed.isEmpty() ? "node" : trimmed;
    }

    Underlay underlay() {
        return TunnelOption.parse(tunnel);
    }

    /** Nothing is sent to find it out. */
    InetAddress address(URI server) throws IOException {
        if (!address.isEmpty()) {
            return InetAddress.getByName(address);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(
                    new InetSocketAddress(
                            server.getHost(), server.getPort() < 0 ? 443 : server.getPort()));
            return socket.getLocalAddress();
        }
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--tunnel", tunnel));
        arguments.addAll(runtime.arguments());
        if (!name.isEmpty()) {
            arguments.addAll(List.of("--name", name));
        }
        if (!address.isEmpty()) {
            arguments.addAll(List.of("--address", address));
        }
        return arguments;
    }
}
