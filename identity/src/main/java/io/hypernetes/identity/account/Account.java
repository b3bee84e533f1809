package io.hypernetes.identity.account;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A User object, read.
 *
 * @param name of the object
 * @param username what the user logs in with and RBAC names; the object's name when it has none
 * @param memberships role by tenant; entries that name no possible tenant are left out
 * @param defaultTenant only one of which the user is a member
 * @param passwordSecret where the password's hash is, in the system world
 */
public record Account(
        String name,
        String uid,
        String username,
        Map<Tenant, MemberRole> memberships,
        Optional<Tenant> defaultTenant,
        Optional<ObjectKey> passwordSecret) {

    /** Secrets with the hashes of passwords live in this namespace of the system world. */
    public static final String NAMESPACE = "hypernetes-users";

    /** The type of such a Secret; its data has one key, {@link #HASH}. */
    public static final String SECRET_TYPE = "hypernetes.io/password-hash";

    public static final String HASH = "hash";

    public static Account of(ObjectNode user) {
        JsonNode spec = user.path("spec");
        Map<Tenant, MemberRole> memberships = new LinkedHashMap<>();
        for (JsonNode membership : spec.path("tenants")) {
            tenant(membership.path("name").asString(""))
                    .ifPresent(tenant ->
                            memberships.put(
                                    tenant, MemberRole.of(membership.path("role").asString(""))));
        }
        String username = user.path("username").asString("");
        return new Account(
                Metadata.name(user),
                Metadata.uid(user),
                username.isEmpty() ? Metadata.name(user) : username,
                Map.copyOf(memberships),
                tenant(spec.path("defaultTenant").asString("")).filter(memberships::containsKey),
                secret(spec.path("passwordSecretRef")));
    }

    /** A User object that lives in a world: its user is a member there and nowhere else. */
    public static Account ofWorld(Tenant world, ObjectNode user) {
        String username = user.path("username").asString("");
        return new Account(
                Metadata.name(user),
                Metadata.uid(user),
                username.isEmpty() ? Metadata.name(user) : username,
                Map.of(world, MemberRole.MEMBER),
                Optional.of(world),
                Optional.empty());
    }

    public Set<Tenant> tenants() {
        return memberships.keySet();
    }

    /** The default tenant, else the only one. */
    public Optional<Tenant> home() {
        return defaultTenant.or(() ->
                memberships.size() == 1
                        ? Optional.of(memberships.keySet().iterator().next())
                        : Optional.empty());
    }

    /**
     * As requests of this user carry it. Rights come from bindings in each world, not from here.
     */
    public UserInfo userInfo() {
        return new UserInfo(username, uid, List.of(UserInfo.AUTHENTICATED), Map.of());
    }

    /** Only Secrets of the one namespace count: a User cannot point at any other Secret. */
    private static Optional<ObjectKey> secret(JsonNode reference) {
        String name = reference.path("name").asString("");
        return name.isEmpty() || !NAMESPACE.equals(reference.path("namespace").asString(NAMESPACE))
                ? Optional.empty()
                : Optional.of(new ObjectKey(Tenant.SYSTEM, NAMESPACE, name));
    }

    private static Optional<Tenant> tenant(String name) {
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(new Tenant(name));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // no tenant can have this name
        }
    }
}
