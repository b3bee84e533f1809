package io.hypernetes.identity.account;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Users, secrets and service accounts in memory, with their mirror, for tests. */
public final class World implements AutoCloseable {

    private final MemoryClient client = new MemoryClient();
    private final Accounts accounts = new Accounts(client);

    public World() throws InterruptedException {
        accounts.start().awaitSynced();
    }

    public Accounts accounts() {
        return accounts;
    }

    public MemoryClient client() {
        return client;
    }

    /** A user, member of these tenants, with a Secret named as the user. */
    public ObjectNode user(String name, String... tenants) {
        ObjectNode user = Json.object().put("username", name);
        user.putObject("metadata").put("name", name);
        ObjectNode spec = user.putObject("spec");
        ArrayNode memberships = spec.putArray("tenants");
        for (String tenant : tenants) {
            memberships.addObject().put("name", tenant).put("role", "member");
        }
        spec.putObject("passwordSecretRef").put("namespace", Account.NAMESPACE).put("name", name);
        return client.create(BuiltinTypes.USERS, Tenant.SYSTEM, user);
    }

    public void password(String name, String hash) {
        ObjectNode secret = Json.object().put("type", Account.SECRET_TYPE);
        secret.putObject("metadata").put("namespace", Account.NAMESPACE).put("name", name);
        secret.putObject("data")
                .put(
                        Account.HASH,
                        Base64.getEncoder().encodeToString(hash.getBytes(StandardCharsets.UTF_8)));
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, Account.NAMESPACE, name);
        if (client.find(BuiltinTypes.SECRETS, key).isPresent()) {
            client.update(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        } else {
            client.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        }
    }

    /** The new account's uid. */
    public String serviceAccount(String tenant, String namespace, String name) {
        ObjectNode account = Json.object();
        account.putObject("metadata").put("namespace", namespace).put("name", name);
        return client.create(BuiltinTypes.SERVICE_ACCOUNTS, new Tenant(tenant), account)
                .path("metadata")
                .path("uid")
                .asString();
    }

    public void deleteServiceAccount(String tenant, String namespace, String name) {
        client.delete(
                BuiltinTypes.SERVICE_ACCOUNTS,
                new ObjectKey(new Tenant(tenant), namespace, name),
                DeleteOptions.NOW);
    }

    public void deleteUser(String name) {
        client.delete(
                BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", name), DeleteOptions.NOW);
    }

    @Override
    public void close() {
        accounts.close();
    }
}
