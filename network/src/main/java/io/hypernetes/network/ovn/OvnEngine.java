package io.hypernetes.network.ovn;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.ExternalEngine;
import io.hypernetes.network.LocalPort;
import io.hypernetes.network.LocalService;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.PolicyEngine;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ServiceEngine;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.tap.Netns;
import io.hypernetes.network.tap.Taps;
import io.hypernetes.network.tap.Veth;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Networks on OVN. What exists is in the northbound database and in the Open vSwitch of this
 * machine; nothing is remembered here, so that the engine may be closed and made anew at any time.
 *
 * <p>A pod's port is made in this order: logical port (which holds the address), TAP, plug in
 * {@code br-int}. It goes in the order plug, logical port, TAP, since a TAP that is deleted under a
 * living plug leaves it dead for ever, also when the TAP is made again. Each step is repeated by
 * the next call when the program ends between two of them.
 */
public final class OvnEngine implements NetworkEngine {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);
    private static final int STRIPES = 64;

    private final Netns netns;
    private final String chassis;
    private final int mtu;
    private final Taps taps;
    private final OvsdbClient northboundClient;
    private final OvsdbClient southboundClient;
    private final OvsdbClient openVswitchClient;
    private final Northbound northbound;
    private final ChassisTable chassisTable;
    private final LogicalNetworks logicalNetworks;
    private final LoadBalancers services;
    private final PortGroups policies;
    private final Outside outside;
    private final LocalPorts localPorts;
    private final IntegrationBridge bridge;

    /** One call at a time for a port; a lock stands for the ports whose hash is its place. */
    private final List<ReentrantLock> portLocks = locks();

    /** One writer at a time for a network, so that threads of this engine need not conflict. */
    private final List<ReentrantLock> networkLocks = locks();

    /** An engine on the OVN of this installation, without a way out. */
    public OvnEngine(OvnDaemons daemons) {
        this(daemons, Optional.empty(), ServiceRanges.DEFAULT);
    }

    /**
     * An engine on the OVN of this installation, which has been started.
     *
     * @param serviceRanges that no network may overlap
     */
    public OvnEngine(OvnDaemons daemons, Optional<Uplink> uplink, ServiceRanges serviceRanges) {
        this.netns = daemons.netns();
        this.chassis = daemons.chassis();
        this.mtu = daemons.mtu();
        this.taps = new Taps(netns);
        this.northboundClient =
                new OvsdbClient(daemons.northbound(), "OVN_Northbound", CALL_TIMEOUT);
        this.southboundClient =
                new OvsdbClient(daemons.southbound(), "OVN_Southbound", CALL_TIMEOUT);
        this.openVswitchClient =
                new OvsdbClient(daemons.openVswitch(), "Open_vSwitch", CALL_TIMEOUT);
        this.northbound = new Northbound(northboundClient);
        this.chassisTable = new ChassisTable(southboundClient);
        this.logicalNetworks = new LogicalNetworks(northboundClient, serviceRanges);
        this.services = new LoadBalancers(northboundClient);
        this.policies =
                new PortGroups(
                        northboundClient,
                        northbound,
                        new Barrier(northboundClient, southboundClient, chassis),
                        serviceRanges);
        this.outside = new Outside(northboundClient, uplink, chassis);
        this.bridge = new IntegrationBridge(openVswitchClient);
        this.localPorts = new LocalPorts(northboundClient, bridge, netns, mtu);
        uplink.ifPresent(way -> {
            daemons.connect(way);
            new OutsideSwitch(northboundClient).ensure(way);
        });
    }

    @Override
    public void ensureNetwork(NetworkSpec network) {
        String what = "make network " + network.id();
        locked(networkLocks, network.id(), what, () -> logicalNetworks.ensure(network));
    }

    @Override
    public void deleteNetwork(NetworkId network) {
        String what = "delete network " + network;
        for (LogicalPort port : Patience.steady(what, () -> northbound.portsOfNetwork(network))) {
            detach(port.id());
        }
        deleteLocalPort(network);
        boolean isLast =
                networks().stream()
                        .allMatch(other ->
                                other.equals(network) || !other.tenant().equals(network.tenant()));
        if (isLast) {
            outside.deleteGateway(network.tenant());
        }
        locked(networkLocks, network, what, () -> logicalNetworks.delete(network));
    }

    @Override
    public LocalPort ensureLocalPort(NetworkId network, List<LocalService> services) {
        String what = "make the local port of network " + network;
        return locked(networkLocks, network, what, () -> localPorts.ensure(network, services));
    }

    @Override
    public void deleteLocalPort(NetworkId network) {
        String what = "remove the local port of network " + network;
        locked(networkLocks, network, what, () -> localPorts.delete(network));
    }

    @Override
    public List<NetworkId> networks() {
        return Patience.steady("list networks", logicalNetworks::networks);
    }

    @Override
    public Port attach(NetworkId network, PortId port) {
        return make(network, port, this::plug);
    }

    @Override
    public Port reserve(NetworkId network, PortId port) {
        return make(network, port, _ -> {});
    }

    private Port make(NetworkId network, PortId port, Consumer<LogicalPort> rest) {
        if (!network.tenant().equals(port.tenant())) {
            throw new NetworkException(
                    "a pod of tenant %s cannot be on network %s of another tenant"
                            .formatted(port.tenant(), network));
        }
        String what = "attach pod " + port.podUid() + " to network " + network;
        return locked(
                portLocks,
                port,
                what,
                () -> {
                    LogicalPort logical =
                            locked(
                                    networkLocks,
                                    network,
                                    what,
                                    () -> northbound.ensurePort(network, port, chassis));
                    rest.accept(logical);
                    return toPort(logical);
                });
    }

    @Override
    public void connect(PortId port, Netns pod) {
        String what = "lead a cable to pod " + port.podUid();
        locked(
                portLocks,
                port,
                what,
                () -> {
                    LogicalPort logical =
                            northbound
                                    .port(port)
                                    .orElseThrow(() ->
                                            new NetworkException(
                                                    "pod " + port.podUid() + " has no port"));
                    Port own = toPort(logical);
                    onTaps(
                            what,
                            () -> {
                                cable(own, pod);
                                return true;
                            });
                    plug(logical);
                });
    }

    private void cable(Port port, Netns pod) throws IOException {
        Veth cable = new Veth(netns, port.tap(), pod);
        if (!cable.exists()) {
            bridge.unplug(port.tap()); // one that went with the namespace that it led to
        }
        cable.ensureOnlyWay(
                port.mac(),
                port.addresses().stream().map(own -> own.ip() + "/" + own.prefixLength()).toList(),
                port.addresses().stream().map(Port.Address::gateway).toList(),
                port.mtu());
    }

    /** Makes the TAP where there is no device of its name, and plugs it in. */
    private void plug(LogicalPort port) {
        String tap = OvnNames.tap(port.id());
        Optional<IntegrationBridge.Plug> plugged = bridge.find(tap);
        if (plugged.isPresent() && !plugged.get().port().equals(port.id())) {
            throw new NetworkException(
                    "the TAP %s belongs to pod %s: give one of the two pods another uid"
                            .formatted(tap, plugged.get().port().podUid()));
        }
        int index = onTaps("look for TAP " + tap, () -> taps.index(tap));
        // Open vSwitch opened another device of this name, which is gone: it would never notice.
        boolean stale =
                plugged.isPresent()
                        && (index < 0
                                || (plugged.get().index() > 0 && plugged.get().index() != index));
        if (stale) {
            bridge.unplug(tap);
        }
        onTaps(
                "make TAP " + tap,
                () -> {
                    taps.ensure(tap, mtu);
                    return true;
                });
        if (plugged.isEmpty() || stale) {
            bridge.plug(tap, port);
        }
    }

    @Override
    public void awaitReady(Port port) {
        try {
            if (bridge.awaitInstalled(port.tap(), READY_TIMEOUT).isPresent()) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while waiting for TAP " + port.tap(), e);
        }
        String state =
                bridge.find(port.tap())
                        .map(plug -> plug.error().isEmpty() ? "OVN is silent" : plug.error())
                        .orElse("it is not plugged in");
        throw new NetworkException(
                "no packets flow through TAP %s of pod %s after %d seconds (%s): see the logs of"
                                .formatted(
                                        port.tap(),
                                        port.id().podUid(),
                                        READY_TIMEOUT.toSeconds(),
                                        state)
                        + " ovn-controller and ovs-vswitchd");
    }

    @Override
    public void detach(PortId port) {
        String tap = OvnNames.tap(port);
        locked(
                portLocks,
                port,
                "detach pod " + port.podUid(),
                () -> {
                    bridge.unplug(tap);
                    northbound.deletePort(port);
                    onTaps(
                            "remove TAP " + tap,
                            () -> {
                                taps.delete(tap);
                                return true;
                            });
                });
    }

    @Override
    public Optional<Port> port(PortId port) {
        return Patience.steady(
                        "look for the port of pod " + port.podUid(), () -> northbound.port(port))
                .filter(found -> found.chassis().equals(chassis))
                .map(this::toPort);
    }

    @Override
    public List<PortId> ports() {
        Set<PortId> ports = new LinkedHashSet<>();
        for (LogicalPort port :
                Patience.steady("list ports", () -> northbound.portsOfChassis(chassis))) {
            ports.add(port.id());
        }
        bridge.plugs().forEach(plug -> ports.add(plug.port()));
        return List.copyOf(ports);
    }

    @Override
    public List<String> machines() {
        return Patience.steady("list machines", chassisTable::names).stream()
                .filter(name -> !name.equals(chassis))
                .toList();
    }

    @Override
    public void deleteMachine(String name) {
        if (name.equals(chassis)) {
            throw new NetworkException(name + " is this machine itself and cannot be forgotten");
        }
        String what = "forget the machine " + name;
        for (LogicalPort port : Patience.steady(what, () -> northbound.portsOfChassis(name))) {
            detach(port.id());
        }
        Patience.steady(what, () -> chassisTable.delete(name));
    }

    @Override
    public ServiceEngine services() {
        return services;
    }

    @Override
    public ExternalEngine outside() {
        return outside;
    }

    @Override
    public PolicyEngine policies() {
        return policies;
    }

    @Override
    public void close() {
        northboundClient.close();
        southboundClient.close();
        openVswitchClient.close();
    }

    private Port toPort(LogicalPort port) {
        return new Port(
                port.id(),
                port.network(),
                OvnNames.tap(port.id()),
                netns.path().toString(),
                port.mac(),
                port.addresses().stream().map(OvnEngine::toAddress).toList(),
                port.nameServer(),
                mtu);
    }

    private static Port.Address toAddress(LogicalPort.Address address) {
        Subnet subnet = address.subnet();
        return new Port.Address(address.ip(), subnet.prefixLength(), subnet.gateway());
    }

    private static <T> T onTaps(String what, Netns.Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new NetworkException(
                    "cannot "
                            + what
                            + ": "
                            + e.getMessage()
                            + " (root and /dev/net/tun are needed)",
                    e);
        }
    }

    private void locked(List<ReentrantLock> locks, Object key, String what, Runnable work) {
        locked(
                locks,
                key,
                what,
                () -> {
                    work.run();
                    return true;
                });
    }

    private <T> T locked(List<ReentrantLock> locks, Object key, String what, Supplier<T> work) {
        ReentrantLock lock = locks.get(Math.floorMod(key.hashCode(), STRIPES));
        lock.lock();
        try {
            return Patience.steady(what, work);
        } finally {
            lock.unlock();
        }
    }

    private static List<ReentrantLock> locks() {
        return IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toList();
    }
}
