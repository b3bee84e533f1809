package io.hypernetes.tenancy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.password.PasswordHash;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Makes users together with the Secret that holds the hash of their password. */
public final class Users {

    private final Client client;

    public Users(Client client) {
        this.client = client;
    }

    /**
     * Makes a user who is a member of one tenant. A user that a crash left without a password gets
     * it now; one who has a password keeps it.
     *
     * <p>Throws AlreadyExists; NotFound when there is no such tenant.
     *
     * @return the User object
     */
    public ObjectNode create(String username, Tenant tenant, MemberRole role, String password) {
        if (!tenant.isSystem()) {
            client.get(BuiltinTypes.TENANTS, new ObjectKey(Tenant.SYSTEM, "", tenant.name()));
        }
        String name = objectName(username);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", name);
        Optional<ObjectNode> known = client.find(BuiltinTypes.USERS, key);
        if (known.isPresent() && client.find(BuiltinTypes.SECRETS, secret(name)).isPresent()) {
            throw ApiException.alreadyExists(BuiltinTypes.USERS.id(), name);
        }
        ObjectNode user =
                known.orElseGet(() ->
                        client.create(
                                BuiltinTypes.USERS,
                                Tenant.SYSTEM,
                                user(name, username, tenant, role)));
        writePassword(name, password);
        return user;
    }

    /** Replaces the password. Throws NotFound when there is no such user. */
    public void setPassword(String username, String password) {
        String name = objectName(username);
        client.get(BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", name));
        writePassword(name, password);
    }

    /** Adds the user to a tenant, or changes the role there. */
    public ObjectNode join(String username, Tenant tenant, MemberRole role) {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", objectName(username));
        ObjectNode user = client.get(BuiltinTypes.USERS, key).deepCopy();
        ObjectNode spec = user.withObject("spec");
        for (var membership : spec.withArray("tenants")) {
            if (membership instanceof ObjectNode entry
                    && entry.path("name").asString("").equals(tenant.name())) {
                entry.put("role", text(role));
                return client.update(BuiltinTypes.USERS, Tenant.SYSTEM, user);
            }
        }
        spec.withArray("tenants").addObject().put("name", tenant.name()).put("role", text(role));
        return client.update(BuiltinTypes.USERS, Tenant.SYSTEM, user);
    }

    /** The object's name: the user name where it can be one, else a spelling of it. */
    static String objectName(String username) {
        return Names.dnsSubdomain(username).isEmpty() ? username : BindingNames.dns(username);
    }

    private static ObjectNode user(String name, String username, Tenant tenant, MemberRole role) {
        ObjectNode user = Objects.named(new ObjectKey(Tenant.SYSTEM, "", name));
        user.put("username", username);
        ObjectNode spec = user.putObject("spec");
        spec.putArray("tenants").addObject().put("name", tenant.name()).put("role", text(role));
        spec.put("defaultTenant", tenant.name());
        spec.putObject("passwordSecretRef").put("namespace", Account.NAMESPACE).put("name", name);
        return user;
    }

    private void writePassword(String name, String password) {
        String hash = PasswordHash.of(password);
        ObjectNode secret = Objects.named(secret(name)).put("type", Account.SECRET_TYPE);
        ObjectNode data = Json.object();
        data.put(
                Account.HASH,
                Base64.getEncoder().encodeToString(hash.getBytes(StandardCharsets.UTF_8)));
        secret.set("data", data);
        try {
            client.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
            ObjectNode known = client.get(BuiltinTypes.SECRETS, secret(name)).deepCopy();
            Metadata.ensureMetadata(known).remove("resourceVersion"); // the last password wins
            known.set("data", data);
            client.update(BuiltinTypes.SECRETS, Tenant.SYSTEM, known);
        }
    }

    private static ObjectKey secret(String name) {
        return new ObjectKey(Tenant.SYSTEM, Account.NAMESPACE, name);
    }

    private static String text(MemberRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
