package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.ServiceEngine;
import io.hypernetes.network.ServiceId;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Services as load balancers of OVN: a row per service and protocol, in the group of its tenant,
 * which all switches of the tenant name. So a change of one endpoint is one change of one row,
 * whatever the number of services and networks.
 *
 * <p>What is in the rows is remembered, as a look for a row by its name reads all of them. A row
 * that is not as remembered is noticed by its uuid being gone, and everything is read again.
 */
final class LoadBalancers implements ServiceEngine {

    static final String BALANCER = "Load_Balancer";
    static final String GROUP = "Load_Balancer_Group";
    static final String MEMBERS = "load_balancer";

    private static final String SERVICE = "hypernetes-service";
    private static final String VIPS = "vips";
    private static final String SELECTION = "selection_fields";

    private static final Map<String, String> OF_ALL = Map.of("reject", "true");
    private static final Map<String, String> OF_MACHINES =
            Map.of("reject", "true", "template", "true", "address-family", "ipv4");
    private static final Map<String, String> OF_MACHINES_OVER_IPV6 =
            Map.of("reject", "true", "template", "true", "address-family", "ipv6");

    private final OvsdbClient database;
    private final OwnBackends ownBackends;

    /** The rows by name, once they have been read; guarded by this for reading and forgetting. */
    private @Nullable ConcurrentMap<String, Held> known;

    LoadBalancers(OvsdbClient database) {
        this.database = database;
        this.ownBackends = new OwnBackends(database);
    }

    /**
     * @param vips backends by address and port, in the notation of the database
     * @param selection fields by whose hash a client meets its backend
     */
    private record Held(
            String uuid, ServiceId service, Map<String, String> vips, Set<String> selection) {}

    @Override
    public void ensureService(ServiceId service, List<VirtualServer> servers, Affinity affinity) {
        Map<Protocol, Map<String, List<String>>> wanted = new HashMap<>();
        Map<Protocol, Map<String, List<Backend>>> own = new HashMap<>();
        for (VirtualServer server : servers) {
            String vip = VirtualServer.socket(server.address(), server.port());
            switch (server.reach()) {
                case EVERYWHERE ->
                        wanted.computeIfAbsent(server.protocol(), _ -> new TreeMap<>())
                                .put(
                                        vip,
                                        server.backends().stream().map(Object::toString).toList());
                case OWN_MACHINE ->
                        own.computeIfAbsent(server.protocol(), _ -> new TreeMap<>())
                                .put(vip, server.backends());
            }
        }
        boolean affine = affinity == Affinity.CLIENT_ADDRESS;
        repeated(
                "change service " + service,
                () -> {
                    for (Protocol protocol : Protocol.values()) {
                        ensure(
                                OvnNames.of(service, protocol),
                                service,
                                protocol,
                                wanted.getOrDefault(protocol, Map.of()),
                                affine,
                                OF_ALL);
                        ensureOwn(service, protocol, own.getOrDefault(protocol, Map.of()), affine);
                    }
                    return true;
                });
    }

    @Override
    public void deleteService(ServiceId service) {
        ensureService(service, List.of(), Affinity.NONE);
    }

    @Override
    public List<ServiceId> services() {
        return repeated(
                "list services",
                () -> rows().values().stream().map(Held::service).distinct().toList());
    }

    /** A load balancer with variables is of one family of addresses. */
    private void ensureOwn(
            ServiceId service,
            Protocol protocol,
            Map<String, List<Backend>> wanted,
            boolean affine) {
        Map<String, List<Backend>> six = new TreeMap<>(wanted);
        six.keySet().removeIf(vip -> !vip.startsWith("["));
        Map<String, List<Backend>> four = new TreeMap<>(wanted);
        four.keySet().removeAll(six.keySet());
        String name = OvnNames.ownOf(service, protocol);
        ensureOwn(name, service, protocol, four, affine, OF_MACHINES);
        ensureOwn(name + "6", service, protocol, six, affine, OF_MACHINES_OVER_IPV6);
    }

    /** The variables first: a load balancer without them answers nobody. */
    private void ensureOwn(
            String name,
            ServiceId service,
            Protocol protocol,
            Map<String, List<Backend>> wanted,
            boolean affine,
            Map<String, String> options) {
        Map<String, List<Backend>> variables = new HashMap<>();
        Map<String, List<String>> vips = new TreeMap<>();
        wanted.forEach((vip, backends) -> {
            String variable = OvnNames.variable(name, vip);
            variables.put(variable, backends);
            vips.put(vip, List.of("^" + variable));
        });
        Set<String> gone = new HashSet<>();
        Held held = rows().get(name);
        if (held != null) {
            held.vips().values().forEach(value -> gone.add(value.substring(1)));
        }
        gone.removeAll(variables.keySet());
        ownBackends.ensure(service.tenant(), variables, gone);
        ensure(name, service, protocol, vips, affine, options);
    }

    private void ensure(
            String name,
            ServiceId service,
            Protocol protocol,
            Map<String, List<String>> wanted,
            boolean affine,
            Map<String, String> options) {
        Held held = rows().get(name);
        if (held == null) {
            if (!wanted.isEmpty()) {
                Set<String> selection = selection(affine, wanted.keySet());
                rows().put(name, insert(name, service, protocol, text(wanted), selection, options));
            }
        } else if (wanted.isEmpty()) {
            Transaction change = new Transaction();
            change.delete(BALANCER, row(held.uuid()));
            database.transact(change);
            rows().remove(name);
        } else {
            Map<String, String> vips = affine ? ordered(held.vips(), wanted) : text(wanted);
            Set<String> selection = selection(affine, vips.keySet());
            if (!vips.equals(held.vips()) || !selection.equals(held.selection())) {
                update(held, vips, selection);
                rows().put(name, new Held(held.uuid(), service, vips, selection));
            }
        }
    }

    private Held insert(
            String name,
            ServiceId service,
            Protocol protocol,
            Map<String, String> vips,
            Set<String> selection,
            Map<String, String> options) {
        String group = OvnNames.ofTenant(service.tenant());
        Transaction look = new Transaction();
        int groups = look.select(GROUP, List.of(is("name", group)));
        Optional<Row> home = database.transact(look).rows(groups).stream().findFirst();

        Transaction change = new Transaction();
        int inserted =
                change.insert(
                        BALANCER,
                        "balancer",
                        new Columns()
                                .text("name", name)
                                .text("protocol", protocol.text())
                                .map(VIPS, vips)
                                .texts(SELECTION, selection)
                                .map("options", options)
                                .map(
                                        Northbound.IDS,
                                        Map.of(
                                                Northbound.TENANT,
                                                service.tenant(),
                                                SERVICE,
                                                service.namespace() + "/" + service.name())));
        if (home.isPresent()) {
            Columns same = new Columns().text("name", group);
            change.require(GROUP, row(home.get().uuid()), List.of("name"), List.of(same));
            change.addInserted(GROUP, row(home.get().uuid()), MEMBERS, "balancer");
        } else { // the tenant's first network makes the group and takes in what is there
            change.require(GROUP, is("name", group), List.of("name"), List.of());
        }
        return new Held(database.transact(change).uuid(inserted), service, vips, selection);
    }

    private void update(Held held, Map<String, String> vips, Set<String> selection) {
        Map<String, String> changed = new HashMap<>(vips);
        changed.entrySet().removeAll(held.vips().entrySet());
        Set<String> gone = new HashSet<>(held.vips().keySet());
        gone.removeAll(vips.keySet());

        Transaction change = new Transaction();
        int last = -1;
        if (!changed.isEmpty()) {
            last = change.putKeys(BALANCER, row(held.uuid()), VIPS, changed);
        }
        if (!gone.isEmpty()) {
            last = change.removeKeys(BALANCER, row(held.uuid()), VIPS, gone);
        }
        if (!selection.equals(held.selection())) {
            Columns fields = new Columns().texts(SELECTION, selection);
            last = change.update(BALANCER, row(held.uuid()), fields);
        }
        Results done = database.transact(change);
        if (done.count(last) == 0) {
            forget();
            throw new OvsdbException(
                    OvsdbException.Reason.CONFLICT,
                    "the load balancer of " + held.service() + " has gone");
        }
    }

    /**
     * Not {@code affinity_timeout}: with it the first connection of every client is lost. This OVN
     * has no name for the sender of IPv6; a pod's MAC stands for its addresses.
     */
    private static Set<String> selection(boolean affine, Set<String> vips) {
        if (!affine) {
            return Set.of();
        }
        boolean ipv6 = vips.stream().anyMatch(vip -> vip.startsWith("["));
        return ipv6 ? Set.of("eth_src", "ip_src") : Set.of("ip_src");
    }

    private static Map<String, String> text(Map<String, List<String>> servers) {
        Map<String, String> text = new HashMap<>();
        servers.forEach((vip, backends) -> text.put(vip, String.join(",", backends)));
        return Map.copyOf(text);
    }

    private static Map<String, String> ordered(
            Map<String, String> before, Map<String, List<String>> servers) {
        Map<String, String> ordered = new HashMap<>();
        servers.forEach((vip, backends) -> {
            String was = before.getOrDefault(vip, "");
            List<String> places = was.isEmpty() ? List.of() : List.of(was.split(","));
            ordered.put(vip, String.join(",", AffineOrder.of(places, backends)));
        });
        return Map.copyOf(ordered);
    }

    private synchronized ConcurrentMap<String, Held> rows() {
        ConcurrentMap<String, Held> rows = known;
        if (rows == null) {
            rows = read();
            known = rows;
        }
        return rows;
    }

    private synchronized void forget() {
        known = null;
    }

    private ConcurrentMap<String, Held> read() {
        Transaction look = new Transaction();
        int balancers = look.select(BALANCER, List.of(), "name", VIPS, SELECTION, Northbound.IDS);
        ConcurrentMap<String, Held> rows = new ConcurrentHashMap<>();
        for (Row found : database.transact(look).rows(balancers)) {
            Map<String, String> ids = found.map(Northbound.IDS);
            String[] service = ids.getOrDefault(SERVICE, "").split("/", -1);
            if (service.length == 2) {
                rows.put(
                        found.text("name"),
                        new Held(
                                found.uuid(),
                                new ServiceId(
                                        ids.getOrDefault(Northbound.TENANT, ""),
                                        service[0],
                                        service[1]),
                                Map.copyOf(found.map(VIPS)),
                                Set.copyOf(found.texts(SELECTION))));
            }
        }
        return rows;
    }

    /** After a loss nobody knows whether the change was made: the rows are read again. */
    private <T> T repeated(String what, Supplier<T> work) {
        return Patience.steady(
                what,
                () ->
                        Patience.untilNoConflict(() -> {
                            try {
                                return work.get();
                            } catch (OvsdbException e) {
                                if (e.reason() != OvsdbException.Reason.CONFLICT) {
                                    forget();
                                }
                                throw e;
                            }
                        }));
    }
}
