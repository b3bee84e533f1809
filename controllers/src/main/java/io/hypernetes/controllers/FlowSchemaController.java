package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;

/**
 * Tells of each FlowSchema whether the PriorityLevelConfiguration that it names is there: the
 * condition {@code Dangling}, which {@code kubectl get flowschemas} shows as MISSINGPL. A world has
 * few of either, so all of a world's are looked at when one changes.
 */
public final class FlowSchemaController
        implements Reconciler<Tenant>, FeedReader.Listener, AutoCloseable {
    private static final int WORKERS = 1;

    private final Client client;
    private final Clock clock;
    private final Controller<Tenant> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public FlowSchemaController(Client client, FeedReader reader, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.controller = new Controller<>("flow-schemas", WORKERS, this);
        reader.listen(this);
    }

    public FlowSchemaController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        boolean level = item.resource().equals(BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS.id());
        boolean schema = item.resource().equals(BuiltinTypes.FLOW_SCHEMAS.id());
        if (level || schema && !item.gone()) {
            controller.enqueue(item.key().tenant());
        }
    }

    @Override
    public Result reconcile(Tenant tenant) {
        for (TenantObject item :
                client.list(BuiltinTypes.FLOW_SCHEMAS, Selection.of(tenant)).items()) {
            // What every world has is one object, told of in the operator's.
            if (item.key().tenant().equals(tenant)) {
                tell(tenant, item.object().deepCopy());
            }
        }
        return DONE;
    }

    private void tell(Tenant tenant, ObjectNode schema) {
        String level =
                schema.path("spec").path("priorityLevelConfiguration").path("name").asString("");
        boolean there =
                client.find(
                                BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS,
                                new ObjectKey(tenant, "", level))
                        .isPresent();
        String named =
                "This FlowSchema references the PriorityLevelConfiguration object named \""
                        + level
                        + "\"";
        boolean changed =
                Conditions.set(
                        schema,
                        "Dangling",
                        !there,
                        there ? "Found" : "NotFound",
                        named + (there ? " and it exists" : " but there is no such object"),
                        clock.instant());
        if (changed && !Metadata.isBeingDeleted(schema)) {
            client.updateStatus(BuiltinTypes.FLOW_SCHEMAS, tenant, schema);
        }
    }
}
