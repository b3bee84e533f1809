package io.hypernetes.network.external;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Who has which address outside, written down in the operator's world. What tenants' objects say in
 * their status is no record: their administrators may write it, and at the next start an address
 * would be whose who said so first.
 */
final class AddressRecord {
    private static final ObjectKey KEY =
            new ObjectKey(Tenant.SYSTEM, "kube-system", "external-addresses");

    private final Client client;

    /** As it is written; guarded by this. */
    private Map<String, String> written = Map.of();

    AddressRecord(Client client) {
        this.client = client;
    }

    /** Owner by address; empty when nothing was ever written down. */
    synchronized Optional<Map<String, String>> read() {
        Optional<ObjectNode> object = client.find(BuiltinTypes.CONFIG_MAPS, KEY);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> owners = new TreeMap<>();
        object.get()
                .path("data")
                .properties()
                .forEach(entry -> owners.put(entry.getKey(), entry.getValue().asString("")));
        written = owners;
        return Optional.of(owners);
    }

    /** Before anybody is told of an address, and after it was taken back. */
    synchronized void keep(Supplier<Map<String, String>> now) {
        Map<String, String> owners = now.get();
        if (owners.equals(written)) {
            return;
        }
        ObjectNode object = client.find(BuiltinTypes.CONFIG_MAPS, KEY).orElseGet(Json::object);
        boolean isNew = object.isEmpty();
        object.withObject("metadata").put("name", KEY.name()).put("namespace", KEY.namespace());
        ObjectNode data = object.putObject("data");
        owners.forEach(data::put);
        if (isNew) {
            client.create(BuiltinTypes.CONFIG_MAPS, Tenant.SYSTEM, object);
        } else {
            client.update(BuiltinTypes.CONFIG_MAPS, Tenant.SYSTEM, object);
        }
        written = owners;
    }
}
