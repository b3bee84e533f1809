package io.hypernetes.identity.account;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Users by user name and by tenant, kept by an informer of User objects. A user that is being
 * deleted is not among them any more.
 *
 * <p>Make it before other listeners of the same informer: they are told after it knows. Written by
 * the informer's thread alone, read by any.
 */
public final class UserDirectory {

    private record Entry(String created, Account account) {}

    /** What a User object says, and where it is; empty for one that does not count. */
    @FunctionalInterface
    public interface Reader {
        Optional<Account> read(ObjectKey key, ObjectNode user);
    }

    /** Two users with one user name are an operator's mistake: the older one has it. */
    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparing(Entry::created)
                    .thenComparing(entry -> entry.account().name())
                    .thenComparing(entry -> entry.account().uid());

    private final Reader reader;
    private final Map<String, NavigableSet<Entry>> byUsername = new ConcurrentHashMap<>();
    private final Map<Tenant, Set<String>> byTenant = new ConcurrentHashMap<>();

    public UserDirectory(Informer users) {
        this(users, (_, user) -> Optional.of(Account.of(user)));
    }

    /** Of User objects of another shape. */
    public UserDirectory(Informer users, Reader reader) {
        this.reader = reader;
        users.listen(this::changed);
    }

    /** The user with this user name. */
    public Optional<Account> find(String username) {
        return all(username).stream().findFirst();
    }

    /** All users with this user name: as a rule one. */
    public List<Account> all(String username) {
        NavigableSet<Entry> entries = byUsername.get(username);
        return entries == null ? List.of() : entries.stream().map(Entry::account).toList();
    }

    /** The user names of a tenant's members. */
    public Set<String> members(Tenant tenant) {
        return Set.copyOf(byTenant.getOrDefault(tenant, Set.of()));
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        Optional<Entry> before = old.filter(UserDirectory::lives).flatMap(u -> entry(key, u));
        Optional<Entry> now = current.filter(UserDirectory::lives).flatMap(u -> entry(key, u));
        before.filter(entry -> !now.equals(Optional.of(entry))).ifPresent(this::forget);
        now.ifPresent(this::remember);
    }

    private Optional<Entry> entry(ObjectKey key, ObjectNode user) {
        return reader.read(key, user)
                .map(account -> new Entry(Metadata.creationTimestamp(user), account));
    }

    private static boolean lives(ObjectNode user) {
        return !Metadata.isBeingDeleted(user);
    }

    private void remember(Entry entry) {
        String username = entry.account().username();
        byUsername
                .computeIfAbsent(username, _ -> new ConcurrentSkipListSet<>(OLDEST_FIRST))
                .add(entry);
        for (Tenant tenant : entry.account().tenants()) {
            byTenant.computeIfAbsent(tenant, _ -> ConcurrentHashMap.newKeySet()).add(username);
        }
    }

    private void forget(Entry entry) {
        String username = entry.account().username();
        byUsername.computeIfPresent(
                username,
                (_, entries) -> {
                    entries.remove(entry);
                    return entries.isEmpty() ? null : entries;
                });
        for (Tenant tenant : entry.account().tenants()) {
            boolean stays = all(username).stream().anyMatch(a -> a.tenants().contains(tenant));
            byTenant.computeIfPresent(
                    tenant,
                    (_, names) -> {
                        if (!stays) {
                            names.remove(username);
                        }
                        return names.isEmpty() ? null : names;
                    });
        }
    }
}
