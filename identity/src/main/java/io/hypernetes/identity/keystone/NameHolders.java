package io.hypernetes.identity.keystone;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.identity.account.Account;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Whose a user name is. Rights and namespaces go by names, and Keystone gives a name away again
 * when its user is renamed or removed. A User object that is one user of Keystone's holds its name
 * for that user: nobody else gets in by it until the object, and with it what was the user's, is
 * gone.
 */
final class NameHolders implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}");

    private final Informer users;

    /**
     * Keystone's ids by the name of the object, by user name. Each map is replaced, never changed;
     * written by the informer's thread alone.
     */
    private final Map<String, Map<String, String>> holders = new ConcurrentHashMap<>();

    NameHolders(Client client) {
        users = new Informer(client, BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM));
        users.listen(this::changed);
    }

    void start() {
        users.start();
    }

    void awaitSynced() throws InterruptedException {
        users.awaitSynced();
    }

    @Override
    public void close() {
        users.close();
    }

    /**
     * @param user whose uid is Keystone's id
     */
    boolean mayUseName(UserInfo user) {
        Map<String, String> ids = holders.get(user.name());
        return ids == null || ids.containsValue(user.uid());
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        old.ifPresent(user -> hold(Account.of(user).username(), Metadata.name(user), ""));
        current.ifPresent(user -> hold(Account.of(user).username(), Metadata.name(user), id(user)));
    }

    private void hold(String username, String object, String id) {
        holders.compute(username, (_, before) -> with(before, object, id));
    }

    private static @Nullable Map<String, String> with(
            @Nullable Map<String, String> before, String object, String id) {
        Map<String, String> now = before == null ? new HashMap<>() : new HashMap<>(before);
        now.remove(object);
        if (!id.isEmpty()) {
            now.put(object, id);
        }
        return now.isEmpty() ? null : Map.copyOf(now);
    }

    /** The id that was found for what the object claims, or that it claims; empty for no user. */
    private static String id(ObjectNode user) {
        JsonNode spec = user.path("spec").path("keystone");
        if (spec.isMissingNode()) {
            return "";
        }
        String claimed = spec.path("user").asString("");
        String claim = claimed.isEmpty() ? Account.of(user).username() : claimed;
        JsonNode found = user.path("status").path("keystone");
        if (found.path("claim").asString("").equals(claim)) {
            return found.path("userId").asString("");
        }
        return ID.matcher(claim).matches() ? claim : "";
    }
}
