package io.hypernetes.network.ovn;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.process.Command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Two machines of one installation, with a wire between them. */
record TwoMachines(OvnDaemons first, OvnDaemons second, String wire) implements AutoCloseable {

    /**
     * @param wire begins the names of its two ends
     * @param frame the largest packet of the wire
     */
    static TwoMachines start(Path directory, String wire, int frame) throws IOException {
        Command.of("ip", "link", "add", wire + "a", "type", "veth", "peer", "name", wire + "b")
                .run();
        for (String end : new String[] {"a", "b"}) {
            Command.of("ip", "link", "set", wire + end, "mtu", "" + frame).run();
        }
        Underlay near = new Underlay(wire + "a", "192.0.2.1/24");
        Underlay far = new Underlay(wire + "b", "192.0.2.2/24");
        int mtu = frame == 1500 ? OvnMember.USUAL_MTU : near.guestMtu(frame);
        OvnDaemons first =
                new OvnDaemons(
                        directory.resolve("first"),
                        Datapath.best(),
                        new OvnMember(new OvnMember.Role.Central(), Optional.of(near), mtu));
        first.start();
        OvnDaemons second =
                new OvnDaemons(
                        directory.resolve("second"),
                        Datapath.best(),
                        new OvnMember(
                                new OvnMember.Role.Joined(
                                        "second", first.northbound(), first.southbound()),
                                Optional.of(far),
                                mtu));
        second.start();
        return new TwoMachines(first, second, wire);
    }

    @Override
    public void close() {
        second.purge();
        first.purge(); // the wire goes with the namespaces
    }
}
