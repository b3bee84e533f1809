package io.hypernetes.scheduler;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.scheduler.cluster.PodView;

import tools.jackson.databind.node.ObjectNode;

/** The memory client with {@code pods/binding} as the server has it. */
record BindingClient(MemoryClient memory) implements Client {

    @Override
    public ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource) {
        if (!subresource.equals("binding")) {
            return memory.patch(type, key, patch, subresource);
        }
        ObjectNode pod = memory.get(type, key);
        if (!PodView.nodeOf(pod).isEmpty()) {
            throw ApiException.conflict(type.id(), key.name(), "it has a node");
        }
        pod.withObject("spec").put("nodeName", patch.body().path("target").path("name").asString());
        return memory.update(type, key.tenant(), pod);
    }

    @Override
    public ObjectNode get(ResourceType type, ObjectKey key) {
        return memory.get(type, key);
    }

    @Override
    public ObjectList list(ResourceType type, Selection selection) {
        return memory.list(type, selection);
    }

    @Override
    public Watch watch(ResourceType type, Selection selection, String resourceVersion) {
        return memory.watch(type, selection, resourceVersion);
    }

    @Override
    public ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object) {
        return memory.create(type, tenant, object);
    }

    @Override
    public ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object) {
        return memory.update(type, tenant, object);
    }

    @Override
    public ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object) {
        return memory.updateStatus(type, tenant, object);
    }

    @Override
    public void delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        memory.delete(type, key, options);
    }
}
