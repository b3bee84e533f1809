package io.hypernetes.cli;

import io.hypernetes.network.Underlay;

/** {@code DEVICE=ADDRESS/LENGTH}. */
final class TunnelOption {

    private TunnelOption() {}

    static Underlay parse(String text) {
        String[] parts = text.split("=", 2);
        if (parts.length != 2
                || !parts[0].matches("[A-Za-z0-9_.-]{1,15}")
                || !parts[1].matches("[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}")) {
            throw new CommandException(
                    "--tunnel is a device and its address, as eth1=192.0.2.11/24, not '"
                            + text
                            + "'");
        }
        return new Underlay(parts[0], parts[1]);
    }
}
