package io.hypernetes.server.custom;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.custom.ThirdPartyResource;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.Follower;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/**
 * Gives every ThirdPartyResource the definition that it means, and takes the definition away again
 * when its ThirdPartyResource is gone. One virtual thread, level-triggered: it compares all of both
 * whenever one of the few ThirdPartyResources changes.
 */
public final class ThirdPartyController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThirdPartyController.class);
    private static final ResourceType RESOURCES = ExtensionTypes.THIRD_PARTY_RESOURCES;
    private static final ResourceType DEFINITIONS = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;

    /** Says which definitions are of our making, and of what. */
    private static final String OWNER = "hypernetes.io/third-party-resource";

    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Reads reads;
    private final Client client;
    private final Follower follower;

    public ThirdPartyController(Reads reads, Client client) {
        this.reads = reads;
        this.client = client;
        this.follower =
                new Follower(
                        "third-party-resources",
                        reads,
                        Extent.everywhere(RESOURCES),
                        this::compare);
    }

    public ThirdPartyController start() {
        follower.start();
        return this;
    }

    private Duration compare() {
        reconcile();
        return IDLE;
    }

    private void reconcile() {
        for (Served resource : reads.listCurrent(Extent.everywhere(RESOURCES))) {
            if (!Metadata.isBeingDeleted(resource.tree())) {
                define(resource);
            }
        }
        for (Served definition : reads.listCurrent(Extent.everywhere(DEFINITIONS))) {
            String owner = Metadata.annotation(definition.tree(), OWNER);
            if (!owner.isEmpty()
                    && !Metadata.isBeingDeleted(definition.tree())
                    && reads.find(RESOURCES, definition.tenant(), "", owner).isEmpty()) {
                ObjectKey key = new ObjectKey(definition.tenant(), "", definition.path().name());
                client.delete(DEFINITIONS, key, DeleteOptions.DEFAULT);
            }
        }
    }

    private void define(Served resource) {
        Tenant tenant = resource.tenant();
        ObjectNode definition = ThirdPartyResource.definition(resource.tree());
        String name = Metadata.name(definition);
        Optional<Served> known = reads.find(DEFINITIONS, tenant, "", name);
        try {
            if (known.isEmpty()) {
                Metadata.ensureAnnotations(definition).put(OWNER, resource.path().name());
                client.create(DEFINITIONS, tenant, definition);
                return;
            }
            ObjectNode present = known.get().copy();
            JsonNode wanted = definition.path("spec").path("versions");
            if (Metadata.annotation(present, OWNER).equals(resource.path().name())
                    && !present.path("spec").path("versions").equals(wanted)) {
                present.withObjectProperty("spec").set("versions", wanted);
                client.update(DEFINITIONS, tenant, present);
            }
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS) && !e.is(Reason.CONFLICT)) {
                LOG.warn(
                        "third-party resource {} of tenant {}: {}",
                        resource.path().name(),
                        tenant.name(),
                        e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
