package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;
import io.hypernetes.network.process.Command;
import io.hypernetes.network.tap.Netns;
import io.hypernetes.network.tap.Taps;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The bridge that has this machine's address among the machines, with the device that leads to
 * them: the userspace datapath sends tunnels through no other device than a bridge of its own
 * ("Connecting VMs Using Tunnels (Userspace)", Open vSwitch documentation).
 */
final class TunnelBridge {

    private static final String BRIDGE = "br-phy";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TunnelBridge() {}

    static void ensure(Remote own, Netns netns, Underlay underlay, Datapath datapath)
            throws IOException {
        int mtu = new Taps(netns).mtu(underlay.device());
        try (OvsdbClient client = new OvsdbClient(own, "Open_vSwitch", PATIENCE)) {
            Transaction look = new Transaction();
            int globals = look.select("Open_vSwitch", List.of());
            int bridges = look.select("Bridge", List.of(is("name", BRIDGE)));
            int ports = look.select("Port", List.of(is("name", underlay.device())));
            Results found = client.transact(look);
            Row global = found.rows(globals).getFirst();
            Transaction change = new Transaction();
            if (found.rows(bridges).isEmpty()) {
                OvnSettings.insertBridge(
                        change,
                        global,
                        BRIDGE,
                        new Columns().text("datapath_type", datapath.type()));
            }
            if (found.rows(ports).isEmpty()) {
                change.insert("Interface", "wire", new Columns().text("name", underlay.device()));
                change.insert(
                        "Port",
                        "port",
                        new Columns()
                                .text("name", underlay.device())
                                .inserted("interfaces", "wire"));
                change.addInserted("Bridge", is("name", BRIDGE), "ports", "port");
            }
            client.transact(change);
            Transaction size = new Transaction();
            size.update("Interface", is("name", BRIDGE), new Columns().number("mtu_request", mtu));
            client.transact(size);
        }
        address(netns, underlay);
    }

    /** Gives the bridge's device its address, once ovs-vswitchd has made it. */
    static void address(Netns netns, Underlay underlay) throws IOException {
        Taps devices = new Taps(netns);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (devices.index(BRIDGE) < 0) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(
                        "ovs-vswitchd has not made the bridge " + BRIDGE + ": see its log");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        netns.answerOn(BRIDGE);
        ip(netns, "addr", "replace", underlay.address(), "dev", BRIDGE);
        ip(netns, "link", "set", BRIDGE, "up");
    }

    private static void ip(Netns netns, String... words) throws IOException {
        String[] command = new String[words.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = netns.name();
        System.arraycopy(words, 0, command, 3, words.length);
        Command.of(command).run();
    }
}
