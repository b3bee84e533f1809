package io.hypernetes.network.local;

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
import io.hypernetes.network.tap.Netns;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An engine whose networks are served while pods of this machine are on them: the servers open
 * before the port of the first pod is ready, and end with the last that is detached. A network
 * without pods costs nothing here.
 */
public final class ServedNetworks implements NetworkEngine {

    private final NetworkEngine engine;
    private final List<LocalServer> kinds;
    private final Consumer<Port> attached;

    /** By network; each is guarded by the map's own lock of its key. */
    private final Map<NetworkId, Served> served = new ConcurrentHashMap<>();

    private record Served(LocalPort port, Set<PortId> pods, List<AutoCloseable> servers) {}

    /**
     * @param engine closed with this
     * @param attached told of each new port before it is ready
     */
    public ServedNetworks(NetworkEngine engine, List<LocalServer> kinds, Consumer<Port> attached) {
        this.engine = engine;
        this.kinds = List.copyOf(kinds);
        this.attached = attached;
    }

    @Override
    public Port attach(NetworkId network, PortId port) {
        return engine.attach(network, port);
    }

    @Override
    public Port reserve(NetworkId network, PortId port) {
        return engine.reserve(network, port);
    }

    @Override
    public void connect(PortId port, Netns pod) {
        engine.connect(port, pod);
    }

    /** Not with {@link #attach}, so that a machine can be made in the meantime. */
    @Override
    public void awaitReady(Port port) {
        AtomicBoolean fresh = new AtomicBoolean();
        served.compute(
                port.network(),
                (network, now) -> {
                    Served serving = now == null ? open(localPort(network), Set.of()) : now;
                    fresh.set(serving.pods().add(port.id()));
                    return serving;
                });
        if (fresh.get()) {
            tell(port);
        }
        engine.awaitReady(port);
    }

    private void tell(Port port) {
        try {
            attached.accept(port);
        } catch (RuntimeException e) { // the next attempt is told again
            served.computeIfPresent(
                    port.network(),
                    (_, now) -> {
                        now.pods().remove(port.id());
                        return now;
                    });
            throw e;
        }
    }

    private LocalPort localPort(NetworkId network) {
        List<LocalService> addresses =
                kinds.stream().flatMap(kind -> kind.addresses().stream()).toList();
        return engine.ensureLocalPort(network, addresses);
    }

    private Served open(LocalPort port, Set<PortId> pods) {
        List<AutoCloseable> servers = new ArrayList<>();
        try {
            for (LocalServer kind : kinds) {
                servers.add(kind.open(port));
            }
            return new Served(port, new HashSet<>(pods), servers);
        } catch (RuntimeException e) {
            servers.forEach(ServedNetworks::end);
            throw e;
        }
    }

    @Override
    public void detach(PortId port) {
        engine.detach(port);
        for (NetworkId network : served.keySet()) {
            if (network.tenant().equals(port.tenant())) {
                served.computeIfPresent(network, (_, now) -> without(port, network, now));
            }
        }
    }

    private @Nullable Served without(PortId port, NetworkId network, Served now) {
        if (now.pods().remove(port) && now.pods().isEmpty()) {
            now.servers().forEach(ServedNetworks::end);
            engine.deleteLocalPort(network);
            return null;
        }
        return now;
    }

    private static void end(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception e) {
            throw new NetworkException("a server in a network does not end", e);
        }
    }

    @Override
    public void deleteNetwork(NetworkId network) {
        served.computeIfPresent(
                network,
                (_, now) -> {
                    now.servers().forEach(ServedNetworks::end);
                    return null;
                });
        engine.deleteNetwork(network);
    }

    @Override
    public void ensureNetwork(NetworkSpec network) {
        engine.ensureNetwork(network);
        served.computeIfPresent(network.id(), (id, now) -> renewed(id, now));
    }

    /** A further subnet is a further way to the pods, and a family of addresses one more server. */
    private Served renewed(NetworkId network, Served now) {
        LocalPort port = localPort(network);
        if (port.equals(now.port())) {
            return now;
        }
        now.servers().forEach(ServedNetworks::end);
        return open(port, now.pods());
    }

    @Override
    public List<NetworkId> networks() {
        return engine.networks();
    }

    @Override
    public Optional<Port> port(PortId port) {
        return engine.port(port);
    }

    @Override
    public List<PortId> ports() {
        return engine.ports();
    }

    @Override
    public LocalPort ensureLocalPort(NetworkId network, List<LocalService> services) {
        return engine.ensureLocalPort(network, services);
    }

    @Override
    public void deleteLocalPort(NetworkId network) {
        engine.deleteLocalPort(network);
    }

    @Override
    public List<String> machines() {
        return engine.machines();
    }

    @Override
    public void deleteMachine(String name) {
        engine.deleteMachine(name);
    }

    @Override
    public ServiceEngine services() {
        return engine.services();
    }

    @Override
    public ExternalEngine outside() {
        return engine.outside();
    }

    @Override
    public PolicyEngine policies() {
        return engine.policies();
    }

    @Override
    public void close() {
        served.keySet()
                .forEach(network ->
                        served.computeIfPresent(
                                network,
                                (_, now) -> {
                                    now.servers().forEach(ServedNetworks::end);
                                    return null;
                                }));
        engine.close();
    }
}
