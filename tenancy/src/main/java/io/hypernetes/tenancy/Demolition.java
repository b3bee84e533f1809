package io.hypernetes.tenancy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.custom.DefinitionStrategy;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.identity.rbac.DefaultRoles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Empties a tenant's world, in the order in which things lean on each other. What would have a say
 * about deletions goes first: webhooks, policies, finalizers of the tenant's own, conversion of
 * custom resources. Then namespaces: from then on nothing new can be made in them, and their own
 * deletion takes pods before claims before the rest. What is in no namespace any more (or never
 * was) follows: networks, which wait for their pods, then everything else.
 */
final class Demolition {

    private static final String ADMISSION = "admissionregistration.k8s.io";

    /** Those whose controllers are ours, and do their work to the end. */
    private static final Set<String> KEPT_FINALIZERS =
            Set.of(
                    Propagation.FOREGROUND_FINALIZER,
                    Propagation.ORPHAN_FINALIZER,
                    DefinitionStrategy.FINALIZER,
                    "kubernetes.io/pvc-protection",
                    "kubernetes.io/pv-protection",
                    "external-provisioner.volume.kubernetes.io/finalizer",
                    "hypernetes.io/network");

    private final Client client;
    private final Objects objects;
    private final WorldTypes types;

    Demolition(Client client, WorldTypes types) {
        this.client = client;
        this.objects = new Objects(client);
        this.types = types;
    }

    /** One step: asks for deletions and says what is still there; empty when all is gone. */
    List<String> step(Tenant tenant) {
        List<ResourceType> stored = types.of(tenant).stored();
        List<String> deciding = empty(tenant, stored.stream().filter(Demolition::decides).toList());
        if (!deciding.isEmpty()) {
            return deciding;
        }
        endConversion(tenant);
        dropFinalizers(tenant, stored);
        for (List<ResourceType> group : order(stored)) {
            List<String> remaining = empty(tenant, group);
            if (!remaining.isEmpty()) {
                return remaining;
            }
        }
        return List.of();
    }

    private List<String> empty(Tenant tenant, List<ResourceType> group) {
        List<String> remaining = new ArrayList<>();
        for (ResourceType type : group) {
            objects(type, tenant).stream()
                    .filter(object -> !Metadata.isBeingDeleted(object.object()))
                    .forEach(object -> objects.delete(type, object.key()));
            dropFinalizers(tenant, List.of(type));
            int left = objects(type, tenant).size();
            if (left > 0) {
                remaining.add(left + " " + type);
            }
        }
        return remaining;
    }

    /** Of webhooks and policies. Writing them asks none of them. */
    private static boolean decides(ResourceType type) {
        return type.id().group().equals(ADMISSION);
    }

    /** A webhook that converts may be gone, or never have been there. */
    private void endConversion(Tenant tenant) {
        for (TenantObject definition :
                objects(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, tenant)) {
            ObjectNode conversion = Json.object();
            conversion.withObject("spec").putObject("conversion").put("strategy", "None");
            conversion.withObject("spec").withObject("conversion").putNull("webhook");
            JsonNode strategy =
                    definition.object().path("spec").path("conversion").path("strategy");
            if (strategy.asString("None").equals("Webhook")) {
                patch(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, definition, conversion);
            }
        }
    }

    /** Nobody is left who would take away what the tenant's own programs have put there. */
    private void dropFinalizers(Tenant tenant, List<ResourceType> of) {
        for (ResourceType type : of) {
            for (TenantObject object : objects(type, tenant)) {
                List<String> all = Metadata.finalizers(object.object());
                List<String> kept = all.stream().filter(KEPT_FINALIZERS::contains).toList();
                if (Metadata.isBeingDeleted(object.object()) && kept.size() < all.size()) {
                    ObjectNode without = Json.object();
                    ObjectNode metadata = without.putObject("metadata");
                    metadata.put("resourceVersion", Metadata.resourceVersion(object.object()));
                    kept.forEach(metadata.putArray("finalizers")::add);
                    patch(type, object, without);
                }
            }
        }
    }

    /** Who was changed meanwhile is looked at again with the next step. */
    private void patch(ResourceType type, TenantObject object, ObjectNode change) {
        try {
            client.patch(type, object.key(), new Patch.Merge(change), "");
        } catch (ApiException e) {
            if (!e.is(Reason.CONFLICT) && !e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private static List<List<ResourceType>> order(List<ResourceType> all) {
        return List.of(
                List.of(BuiltinTypes.NAMESPACES),
                all.stream().filter(ResourceType::namespaced).toList(),
                List.of(BuiltinTypes.NETWORKS),
                all.stream().filter(Demolition::isOfTheWorld).toList());
    }

    /** Without what is only projected into this world: that is the operator's. */
    private List<TenantObject> objects(ResourceType type, Tenant tenant) {
        return client.list(type, Selection.of(tenant)).items().stream()
                .filter(object -> object.tenant().equals(tenant))
                .filter(object ->
                        !Metadata.label(object.object(), DefaultRoles.LABEL)
                                        .equals(DefaultRoles.LABEL_VALUE)
                                || !type.id().equals(BuiltinTypes.CLUSTER_ROLES.id()))
                .toList();
    }

    private static boolean isOfTheWorld(ResourceType type) {
        return !type.namespaced()
                && !type.id().equals(BuiltinTypes.STORAGE_CLASSES.id())
                && !type.id().equals(BuiltinTypes.TENANTS.id())
                && !type.id().equals(BuiltinTypes.USERS.id());
    }
}
