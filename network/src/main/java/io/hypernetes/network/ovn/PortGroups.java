package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.PolicyEngine;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Policies as port groups of OVN: the group holds the selected pods' ports and the rules, address
 * sets hold who is meant by them. A pod that comes or goes is a change of a group or of a set; the
 * rules are written anew only when the policy itself changes.
 *
 * <p>What was written is remembered by policy. A program that starts writes each policy once, and
 * so does this after a failure.
 */
final class PortGroups implements PolicyEngine {

    private static final String GROUP = "Port_Group";
    private static final String SET = "Address_Set";
    private static final String POLICY = "hypernetes-policy";
    private static final String REVISION = "hypernetes-revision";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OvsdbClient database;
    private final Northbound ports;
    private final Barrier barrier;
    private final ServiceRanges services;

    /** What stands in the database; a policy is changed by one thread at a time. */
    private final Map<PolicyId, Written> written = new ConcurrentHashMap<>();

    PortGroups(OvsdbClient database, Northbound ports, Barrier barrier, ServiceRanges services) {
        this.database = database;
        this.ports = ports;
        this.barrier = barrier;
        this.services = services;
    }

    /**
     * @param group the uuid of the port group
     * @param sets the address sets by name
     */
    private record Written(
            String group,
            long revision,
            Set<String> ports,
            List<Acl> rules,
            Map<String, Set<String>> sets) {}

    @Override
    public void ensurePolicy(PolicyId id, long revision, Policy policy) {
        Patience.steady(
                "change policy " + id,
                () ->
                        Patience.untilNoConflict(() -> {
                            try {
                                return ensureOnce(id, revision, policy);
                            } catch (OvsdbException e) {
                                written.remove(id);
                                throw e;
                            }
                        }));
    }

    private boolean ensureOnce(PolicyId id, long revision, Policy policy) {
        String name = OvnNames.of(id);
        Selected selected = look(policy.selected());
        PolicyRules rules = PolicyRules.of(name, policy, selected.nameServers(), services);
        Written before = written.get(id);
        if (before == null) {
            written.put(id, writeAnew(id, revision, selected.ports(), rules));
            return true;
        }
        Transaction change = new Transaction();
        List<Integer> touched = new ArrayList<>();
        differ(before.ports(), selected.ports(), touched, change, before.group());
        rules.sets()
                .forEach((set, addresses) -> {
                    Set<String> old = before.sets().get(set);
                    if (old == null) {
                        insertSet(change, id, set, addresses);
                    } else {
                        differ(set, old, addresses, touched, change);
                    }
                });
        for (String set : before.sets().keySet()) {
            if (!rules.sets().containsKey(set)) {
                change.delete(SET, is("name", set));
            }
        }
        if (!rules.rules().equals(before.rules())) {
            insertRules(change, rules.rules());
            touched.add(
                    change.update(
                            GROUP, row(before.group()), acls(new Columns(), rules.rules().size())));
        }
        if (revision != before.revision()) {
            touched.add(change.putKeys(GROUP, row(before.group()), Northbound.IDS, ids(revision)));
        }
        if (!change.isEmpty()) {
            Results done = database.transact(change);
            if (touched.stream().anyMatch(place -> done.count(place) == 0)) {
                throw new OvsdbException(
                        OvsdbException.Reason.CONFLICT, "what policy " + id + " wrote has gone");
            }
        }
        written.put(
                id,
                new Written(
                        before.group(), revision, selected.ports(), rules.rules(), rules.sets()));
        return true;
    }

    private static void differ(
            Set<String> before,
            Set<String> now,
            List<Integer> touched,
            Transaction change,
            String group) {
        Set<String> more = minus(now, before);
        Set<String> fewer = minus(before, now);
        if (!more.isEmpty()) {
            touched.add(change.addReferences(GROUP, row(group), "ports", more));
        }
        if (!fewer.isEmpty()) {
            touched.add(change.removeReferences(GROUP, row(group), "ports", fewer));
        }
    }

    private static void differ(
            String set,
            Set<String> before,
            Set<String> now,
            List<Integer> touched,
            Transaction change) {
        Set<String> more = minus(now, before);
        Set<String> fewer = minus(before, now);
        if (!more.isEmpty()) {
            touched.add(change.addTexts(SET, is("name", set), "addresses", more));
        }
        if (!fewer.isEmpty()) {
            touched.add(change.removeKeys(SET, is("name", set), "addresses", fewer));
        }
    }

    private static Set<String> minus(Collection<String> all, Collection<String> some) {
        Set<String> rest = new HashSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private Written writeAnew(PolicyId id, long revision, Set<String> ports, PolicyRules rules) {
        String name = OvnNames.of(id);
        Map<String, String> ids = new HashMap<>(ids(id));
        ids.putAll(ids(revision));
        Transaction change = new Transaction();
        remove(change, name, existingSets(id));
        rules.sets().forEach((set, addresses) -> insertSet(change, id, set, addresses));
        insertRules(change, rules.rules());
        Columns group =
                new Columns()
                        .text("name", name)
                        .references("ports", ports)
                        .map(Northbound.IDS, ids);
        int inserted = change.insert(GROUP, "policy", acls(group, rules.rules().size()));
        String uuid = database.transact(change).uuid(inserted);
        return new Written(uuid, revision, ports, rules.rules(), rules.sets());
    }

    private static Map<String, String> ids(long revision) {
        return Map.of(REVISION, Long.toString(revision));
    }

    private static Map<String, String> ids(PolicyId id) {
        return Map.of(Northbound.TENANT, id.tenant(), POLICY, id.namespace() + "/" + id.name());
    }

    private static void insertSet(
            Transaction change, PolicyId id, String set, Set<String> addresses) {
        Columns columns = new Columns().text("name", set).texts("addresses", addresses);
        change.insert(SET, "s" + set.replace('.', '_'), columns.map(Northbound.IDS, ids(id)));
    }

    private static void insertRules(Transaction change, List<Acl> rules) {
        for (int i = 0; i < rules.size(); i++) {
            rules.get(i).insert(change, "rule" + i, Map.of());
        }
    }

    private static Columns acls(Columns columns, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("rule" + i);
        }
        return columns.inserted("acls", names);
    }

    private List<String> existingSets(PolicyId id) {
        Transaction look = new Transaction();
        int sets =
                look.select(
                        SET,
                        List.of(
                                Transaction.Condition.has(
                                        Northbound.IDS, Northbound.TENANT, id.tenant()),
                                Transaction.Condition.has(
                                        Northbound.IDS, POLICY, id.namespace() + "/" + id.name())),
                        "name");
        return database.transact(look).rows(sets).stream().map(set -> set.text("name")).toList();
    }

    private static void remove(Transaction change, String name, List<String> sets) {
        change.delete(GROUP, is("name", name));
        sets.forEach(set -> change.delete(SET, is("name", set)));
    }

    @Override
    public void deletePolicy(PolicyId id) {
        Patience.steady(
                "delete policy " + id,
                () -> {
                    Transaction change = new Transaction();
                    remove(change, OvnNames.of(id), existingSets(id));
                    written.remove(id);
                    return database.transact(change);
                });
    }

    @Override
    public List<PolicyId> policies() {
        return Patience.steady(
                "list policies",
                () -> {
                    Transaction look = new Transaction();
                    int groups = look.select(GROUP, List.of(), Northbound.IDS);
                    return database.transact(look).rows(groups).stream()
                            .flatMap(group -> read(group.map(Northbound.IDS)).stream())
                            .toList();
                });
    }

    @Override
    public void listen(PortListener listener) {
        Patience.steady(
                "watch the ports of pods",
                () -> {
                    ports.listen(listener);
                    return true;
                });
    }

    @Override
    public boolean holds(PortId port, Map<PolicyId, Long> revisions) {
        return Patience.steady(
                "look for the policies of pod " + port.podUid(), () -> look(port, revisions));
    }

    private boolean look(PortId port, Map<PolicyId, Long> revisions) {
        Transaction look = new Transaction();
        int ports = look.select(Northbound.SWITCH_PORT, List.of(is("name", OvnNames.of(port))));
        Map<Integer, Long> groups = new HashMap<>();
        revisions.forEach((id, revision) ->
                groups.put(
                        look.select(
                                GROUP,
                                List.of(is("name", OvnNames.of(id))),
                                "ports",
                                Northbound.IDS),
                        revision));
        Results found = database.transact(look);
        return found.rows(ports).stream()
                .anyMatch(row ->
                        groups.entrySet().stream()
                                .allMatch(group ->
                                        found.rows(group.getKey()).stream()
                                                .anyMatch(there ->
                                                        revision(there) >= group.getValue()
                                                                && there.references("ports")
                                                                        .contains(row.uuid()))));
    }

    private static long revision(Row group) {
        return Long.parseLong(group.map(Northbound.IDS).getOrDefault(REVISION, "-1"));
    }

    @Override
    public void awaitApplied() {
        barrier.await(PATIENCE);
    }

    private static Optional<PolicyId> read(Map<String, String> ids) {
        String[] parts = ids.getOrDefault(POLICY, "").split("/", -1);
        return parts.length == 2
                ? Optional.of(
                        new PolicyId(ids.getOrDefault(Northbound.TENANT, ""), parts[0], parts[1]))
                : Optional.empty();
    }

    /**
     * @param ports uuids of those that there are
     * @param nameServers of their networks
     */
    private record Selected(Set<String> ports, Set<String> nameServers) {}

    /** A pod that was detached and attached again has another port: it is looked at each time. */
    private Selected look(Set<PortId> selected) {
        Transaction look = new Transaction();
        List<Integer> places = new ArrayList<>();
        for (PortId port : selected) {
            places.add(
                    look.select(
                            Northbound.SWITCH_PORT,
                            List.of(is("name", OvnNames.of(port))),
                            Northbound.IDS));
        }
        Set<String> ports = new HashSet<>();
        Set<String> nameServers = new TreeSet<>();
        Results found = database.transact(look);
        for (int place : places) {
            for (Row port : found.rows(place)) {
                Map<String, String> ids = port.map(Northbound.IDS);
                ports.add(port.uuid());
                nameServers.add(
                        ids.getOrDefault(
                                Northbound.NAME_SERVER, Subnets.read(ids).first().local()));
            }
        }
        return new Selected(Set.copyOf(ports), nameServers);
    }
}
