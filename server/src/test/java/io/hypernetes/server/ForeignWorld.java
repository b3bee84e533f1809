package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ResourceTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/**
 * What a user of acme must never see or change: objects of every type in globex and in the
 * operator's world, one of a name that can be guessed and one whose name is a secret too.
 */
final class ForeignWorld {
    static final String GUESSED = "guessed";
    static final String MARKER = "only-of-globex-7f3a";

    private static final List<Tenant> OWNERS = List.of(TestServer.GLOBEX, Tenant.SYSTEM);

    private final Client client;
    private final List<String> secrets = new ArrayList<>();

    ForeignWorld(Client client) {
        this.client = client;
        secrets.add(MARKER);
        secrets.add(Base64.getEncoder().encodeToString(MARKER.getBytes(StandardCharsets.US_ASCII)));
        Specimens specimens = new Specimens();
        for (Tenant owner : OWNERS) {
            for (ResourceType type : ResourceTypes.BUILTIN.stored()) {
                if (livesIn(owner, type)) {
                    for (String name : List.of(GUESSED, MARKER)) {
                        create(owner, type, specimens.of(type, name, MARKER));
                    }
                }
            }
        }
    }

    /** Classes of the operator are there for all to see; tenants and users exist in one world. */
    private static boolean livesIn(Tenant owner, ResourceType type) {
        boolean once =
                type.id().equals(BuiltinTypes.TENANTS.id())
                        || type.id().equals(BuiltinTypes.USERS.id());
        boolean shared =
                type.id().equals(BuiltinTypes.PRIORITY_CLASSES.id())
                        || type.id().equals(BuiltinTypes.RUNTIME_CLASSES.id());
        return Specimens.canBeCalledAnything(type)
                && !type.id().equals(BuiltinTypes.STORAGE_CLASSES.id())
                && (owner.isSystem() ? !shared : !once);
    }

    private void create(Tenant owner, ResourceType type, ObjectNode object) {
        ObjectNode created = client.create(type, owner, object);
        if (type.hasStatus() && object.has("status")) {
            setStatus(type, owner, created, object.get("status"));
        }
        secrets.add(Metadata.uid(created));
    }

    /** Beside the server's own writers of status, so it may have to begin again. */
    private void setStatus(ResourceType type, Tenant owner, ObjectNode created, JsonNode status) {
        ObjectKey key = new ObjectKey(owner, Metadata.namespace(created), Metadata.name(created));
        while (true) {
            ObjectNode current = client.get(type, key);
            current.set("status", status);
            try {
                client.updateStatus(type, owner, current);
                return;
            } catch (ApiException e) {
                assertThat(e.is(Reason.CONFLICT)).as(e.getMessage()).isTrue();
            }
        }
    }

    /** Returns when the server's own writers have said what they have to say. */
    ForeignWorld settled() throws InterruptedException {
        TreeMap<String, String> before = snapshot();
        while (true) {
            Thread.sleep(300);
            TreeMap<String, String> now = snapshot();
            if (now.equals(before)) {
                return this;
            }
            before = now;
        }
    }

    /** Texts that no answer to a user of acme may hold. */
    List<String> secrets() {
        return secrets;
    }

    /** Every object that is not acme's, byte for byte. */
    TreeMap<String, String> snapshot() {
        TreeMap<String, String> objects = new TreeMap<>();
        for (ResourceType type : ResourceTypes.BUILTIN.stored()) {
            for (TenantObject item : client.list(type, Selection.EVERYTHING).items()) {
                if (!item.tenant().equals(TestServer.ACME)) {
                    ObjectNode object = item.object();
                    ObjectKey key =
                            new ObjectKey(
                                    item.tenant(),
                                    Metadata.namespace(object),
                                    Metadata.name(object));
                    objects.put(type + " " + key, Json.text(object));
                }
            }
        }
        return objects;
    }

    /** Changes every foreign object, so that whoever watches it is told. */
    void touch() {
        for (Tenant owner : OWNERS) {
            for (ResourceType type : ResourceTypes.BUILTIN.stored()) {
                for (TenantObject item : client.list(type, Selection.of(owner)).items()) {
                    if (Metadata.label(item.object(), "marker").equals(MARKER)
                            && item.tenant().equals(owner)) {
                        Metadata.ensureAnnotations(item.object()).put("touched", MARKER);
                        client.update(type, owner, item.object());
                    }
                }
            }
        }
    }
}
