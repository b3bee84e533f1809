package io.hypernetes.memoryclient;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;

import tools.jackson.databind.node.ObjectNode;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The client of a process that is killed after some writes, for tests of what the next start makes
 * of that: nothing it asks for is done any more. May be used by any thread.
 */
public final class MortalClient implements Client {

    private final Client client;
    private final AtomicInteger writesLeft;

    public MortalClient(Client client, int writes) {
        this.client = client;
        this.writesLeft = new AtomicInteger(writes);
    }

    public boolean isDead() {
        return writesLeft.get() < 0;
    }

    private void write() {
        if (writesLeft.decrementAndGet() < 0) {
            throw new IllegalStateException("killed");
        }
    }

    private void read() {
        if (isDead()) {
            throw new IllegalStateException("killed");
        }
    }

    @Override
    public ObjectNode get(ResourceType type, ObjectKey key) {
        read();
        return client.get(type, key);
    }

    @Override
    public ObjectList list(ResourceType type, Selection selection) {
        read();
        return client.list(type, selection);
    }

    @Override
    public Watch watch(ResourceType type, Selection selection, String resourceVersion) {
        read();
        return client.watch(type, selection, resourceVersion);
    }

    @Override
    public ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object) {
        write();
        return client.create(type, tenant, object);
    }

    @Override
    public ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object) {
        write();
        return client.update(type, tenant, object);
    }

    @Override
    public ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object) {
        write();
        return client.updateStatus(type, tenant, object);
    }

    @Override
    public ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource) {
        write();
        return client.patch(type, key, patch, subresource);
    }

    @Override
    public void delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        write();
        client.delete(type, key, options);
    }
}
