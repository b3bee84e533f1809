package io.hypernetes.controllers;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.quota.Usage;
import io.hypernetes.api.types.WorldTypes;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what the objects of a namespace, or of a whole world, use of a quota. */
final class QuotaCount {
    private final Client client;
    private final WorldTypes types;
    private final Clock clock;

    QuotaCount(Client client, WorldTypes types, Clock clock) {
        this.client = client;
        this.types = types;
        this.clock = clock;
    }

    /** Whether after this change there may be less in use than was counted. */
    static boolean mayBeLess(ChangeFeed.Item item) {
        GroupResource resource = item.resource();
        if (item.gone()) {
            return true;
        }
        if (resource.equals(Usage.PODS)) {
            return item.mentions("\"Succeeded\"")
                    || item.mentions("\"Failed\"")
                    || item.mentions("\"deletionTimestamp\"");
        }
        return resource.equals(Usage.SERVICES) || resource.equals(Usage.CLAIMS);
    }

    /**
     * @param of one namespace of a tenant, or all of its world
     */
    ResourceList of(Selection of, Quota limits) {
        Map<String, Quantity> zeros = new TreeMap<>();
        limits.hard().names().forEach(name -> zeros.put(name, Quantity.ZERO));
        ResourceList sum = ResourceList.of(zeros);
        for (ResourceType type : types.of(of.tenant().orElseThrow()).stored()) {
            boolean inside = type.namespaced() || of.namespace().isEmpty();
            boolean counted = !type.id().resource().equals("events");
            if (inside && counted && !limits.names(type.id()).isEmpty()) {
                sum = sum.plus(of(type, of, limits));
            }
        }
        return sum;
    }

    /**
     * Writes limits and use where they are shown.
     *
     * @return whether that is news
     */
    static boolean show(ObjectNode shown, Quota limits, ResourceList used) {
        if (ResourceList.of(shown.path("hard")).equals(limits.hard())
                && ResourceList.of(shown.path("used")).equals(used)) {
            return false;
        }
        shown.set("hard", limits.hard().tree());
        shown.set("used", used.tree());
        return true;
    }

    private ResourceList of(ResourceType type, Selection of, Quota limits) {
        Set<String> names = limits.names(type.id());
        boolean alike = limits.scopes().isEmpty() && !Usage.isToldByContent(type.id());
        ResourceList each =
                alike
                        ? Usage.of(type.id(), Json.object(), clock.instant()).only(names)
                        : ResourceList.EMPTY;
        ResourceList sum = ResourceList.EMPTY;
        for (TenantObject item : client.list(type, of).items()) {
            if (!item.tenant().equals(of.tenant().orElseThrow())) {
                continue;
            }
            if (alike) {
                sum = sum.plus(each); // not parsed: a start counts everything there is
            } else if (limits.covers(type.id(), item.tree())) {
                sum = sum.plus(Usage.of(type.id(), item.tree(), clock.instant()).only(names));
            }
        }
        return sum;
    }
}
