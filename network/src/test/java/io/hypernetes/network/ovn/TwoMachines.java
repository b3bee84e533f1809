package io.hypernetes.network.ovn;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.process.Command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Two machines of one installation, with a wire between them. */
record TwoMachines(OvnDaemons first, OvnDaemons second, MachineCertificates authority)
        implements AutoCloseable {

    /**
     * @param wire begins the names of its two ends
     * @param host the first machine listens at
     * @param frame the largest packet of the wire
     */
    static TwoMachines start(Path directory, String wire, String host, int frame)
            throws IOException, InterruptedException {
        Command.of("ip", "link", "add", wire + "a", "type", "veth", "peer", "name", wire + "b")
                .run();
        for (String end : new String[] {"a", "b"}) {
            Command.of("ip", "link", "set", wire + end, "mtu", "" + frame).run();
        }
        Underlay near = new Underlay(wire + "a", "192.0.2.1/24");
        Underlay far = new Underlay(wire + "b", "192.0.2.2/24");
        int mtu = frame == 1500 ? OvnMember.USUAL_MTU : near.guestMtu(frame);
        MachineCertificates authority = new MachineCertificates(directory.resolve("pki"), host);
        OvnMember.Offer offer = new OvnMember.Offer(host, authority.of("first"));
        OvnDaemons first =
                new OvnDaemons(
                        directory.resolve("first"),
                        Datapath.best(),
                        new OvnMember(
                                new OvnMember.Role.Central(Optional.of(offer)),
                                Optional.of(near),
                                mtu));
        first.start();
        OvnDaemons second =
                new OvnDaemons(
                        directory.resolve("second"),
                        Datapath.best(),
                        new OvnMember(
                                OvnMember.Role.Joined.over("second", host, authority.of("second")),
                                Optional.of(far),
                                mtu));
        second.start();
        return new TwoMachines(first, second, authority);
    }

    @Override
    public void close() {
        second.purge();
        first.purge(); // the wire goes with the namespaces
    }
}
