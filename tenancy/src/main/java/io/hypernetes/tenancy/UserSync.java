package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.Assignment;
import io.hypernetes.identity.remote.UnreachableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gives everybody who has a role in a tenant's project a User object with that membership. Objects
 * that it made carry a label and follow Keystone; others are left alone. Who has no role any more
 * keeps an object without memberships: only the operator deletes people.
 */
public final class UserSync implements Reconciler<String>, AutoCloseable {

    static final String LABEL = "hypernetes.io/synced-from";
    static final String KEYSTONE = "keystone";

    private static final Logger LOG = LoggerFactory.getLogger(UserSync.class);
    private static final String ALL = "all";

    /** A project's people are a question of its own each. */
    private static final int ROUNDS = 3;

    /** Somebody in Keystone, with what they are in which tenant. */
    private record Person(String id, Map<String, MemberRole> roles) {}

    private final Client client;
    private final KeystoneService keystone;
    private final KeystoneDuties duties;
    private final Controller<String> controller;

    public UserSync(Client client, KeystoneService keystone, KeystoneDuties duties) {
        this.client = client;
        this.keystone = keystone;
        this.duties = duties;
        this.controller = new Controller<>("keystone-sync", 1, this);
    }

    public UserSync start() {
        controller.start();
        controller.enqueue(ALL);
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public Result reconcile(String all) {
        Map<String, Person> people = new TreeMap<>();
        Set<String> unknown = new HashSet<>();
        for (TenantObject tenant :
                client.list(BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).items()) {
            try {
                read(tenant.object(), people);
            } catch (UnreachableException e) {
                LOG.debug(
                        "members of {} stay as they are: {}", tenant.key().name(), e.getMessage());
                unknown.add(tenant.key().name());
            }
        }
        write(people, unknown);
        return Reconciler.again(duties.every().multipliedBy(ROUNDS));
    }

    private void read(ObjectNode tenant, Map<String, Person> people) {
        String project = tenant.path("status").path("keystone").path("projectId").asString("");
        if (project.isEmpty() || Metadata.isBeingDeleted(tenant)) {
            return;
        }
        for (Assignment assignment : keystone.assignments(project)) {
            Optional<MemberRole> role = role(assignment.role());
            Optional<String> username = keystone.username(assignment.user());
            if (role.isPresent() && username.isPresent()) {
                people.computeIfAbsent(
                                username.get(),
                                _ -> new Person(assignment.userId(), new TreeMap<>()))
                        .roles()
                        .merge(Metadata.name(tenant), role.get(), UserSync::higher);
            }
        }
    }

    /** A role that the operator gave another meaning is not a membership. */
    private Optional<MemberRole> role(String name) {
        String means = duties.roles().getOrDefault(name, "");
        return means.isEmpty() || !means.equals(KeystoneRoles.DEFAULTS.get(name))
                ? Optional.empty()
                : Optional.of(MemberRole.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    private static MemberRole higher(MemberRole one, MemberRole other) {
        return one.ordinal() <= other.ordinal() ? one : other;
    }

    private void write(Map<String, Person> people, Set<String> unknown) {
        Map<String, ObjectNode> present = new TreeMap<>();
        for (TenantObject user :
                client.list(BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM)).items()) {
            present.put(Account.of(user.object()).username(), user.object());
        }
        people.forEach((username, person) -> {
            if (!present.containsKey(username)) {
                create(username, person);
            }
        });
        present.forEach((username, user) -> {
            if (isOurs(user)) {
                update(user, sameOf(people.get(username), user), unknown);
            }
        });
    }

    /** Somebody who took the name of another gets neither their object nor what is theirs. */
    private static Person sameOf(@Nullable Person named, ObjectNode user) {
        String id = keystoneId(user);
        return named != null && (id.isEmpty() || id.equals(named.id()))
                ? named
                : new Person(id, Map.of());
    }

    private void create(String username, Person person) {
        boolean plain = Names.dnsSubdomain(username).isEmpty() && !username.contains("@");
        String name = plain ? username : BindingNames.dns(username);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", name);
        ObjectNode user = Objects.named(key).put("username", username);
        Metadata.ensureLabels(user).put(LABEL, KEYSTONE);
        ObjectNode spec = user.putObject("spec");
        spec.putObject(KEYSTONE).put("user", person.id());
        memberships(spec.putArray("tenants"), person.roles());
        new Objects(client).ensure(BuiltinTypes.USERS, key, user);
    }

    /** What could not be asked stays. */
    private void update(ObjectNode user, Person person, Set<String> unknown) {
        if (Metadata.isBeingDeleted(user)) {
            return;
        }
        Map<String, MemberRole> roles = new TreeMap<>(person.roles());
        Account.of(user)
                .memberships()
                .forEach((tenant, role) -> {
                    if (unknown.contains(tenant.name())) {
                        roles.putIfAbsent(tenant.name(), role);
                    }
                });
        ObjectNode changed = user.deepCopy();
        ObjectNode spec = changed.withObject("spec");
        spec.withObject(KEYSTONE).put("user", person.id());
        memberships(spec.putArray("tenants"), roles);
        if (!roles.containsKey(spec.path("defaultTenant").asString(""))) {
            spec.remove("defaultTenant");
        }
        if (!changed.equals(user)) {
            client.update(BuiltinTypes.USERS, Tenant.SYSTEM, changed);
        }
    }

    private static void memberships(ArrayNode tenants, Map<String, MemberRole> roles) {
        List<String> names = new ArrayList<>(roles.keySet());
        for (String name : names) {
            MemberRole role = roles.getOrDefault(name, MemberRole.READER);
            tenants.addObject().put("name", name).put("role", role.name().toLowerCase(Locale.ROOT));
        }
    }

    private static boolean isOurs(ObjectNode user) {
        return Metadata.label(user, LABEL).equals(KEYSTONE);
    }

    private static String keystoneId(ObjectNode user) {
        return user.path("spec").path(KEYSTONE).path("user").asString("");
    }
}
