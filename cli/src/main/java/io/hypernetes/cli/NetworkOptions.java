package io.hypernetes.cli;

import io.hypernetes.cli.assembly.NetworkRules;

import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** What the operator allows tenants' networks. */
final class NetworkOptions {

    private static final int DNS = 53;

    @Option(
            names = "--dns-forward",
            paramLabel = "ADDRESS[:PORT]",
            split = ",",
            description =
                    "Name servers that are asked for names outside of the cluster, on behalf of"
                            + " pods (default: none, such names are refused).")
    private List<String> nameServers = List.of();

    NetworkRules rules() {
        return new NetworkRules(nameServers.stream().map(NetworkOptions::server).toList());
    }

    private static InetSocketAddress server(String text) {
        String[] parts = text.split(":", 2);
        try {
            if (!parts[0].matches("[0-9.]+")) {
                throw new UnknownHostException(parts[0]);
            }
            int port = parts.length == 1 ? DNS : Integer.parseInt(parts[1]);
            return new InetSocketAddress(InetAddress.getByName(parts[0]), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new CommandException(
                    "--dns-forward takes IPv4 addresses as 192.0.2.53 or 192.0.2.53:5353, not '"
                            + text
                            + "'",
                    e);
        }
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!nameServers.isEmpty()) {
            arguments.addAll(List.of("--dns-forward", String.join(",", nameServers)));
        }
        return arguments;
    }
}
