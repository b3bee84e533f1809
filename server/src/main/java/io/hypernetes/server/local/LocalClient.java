package io.hypernetes.server.local;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.server.registry.Bindings;
import io.hypernetes.server.registry.DeleteRequest;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ListRequest;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Page;
import io.hypernetes.server.registry.PatchRequest;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.registry.WriteCall;
import io.hypernetes.server.registry.Writes;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/**
 * The program's own components' way to objects: no authorization, but every default, rule and
 * admission that a client meets.
 */
public final class LocalClient implements Client {
    /** Who the program is where a user is asked for. */
    private static final UserInfo SELF =
            new UserInfo(
                    "system:hypernetes",
                    "",
                    List.of(UserInfo.MASTERS, UserInfo.AUTHENTICATED),
                    Map.of());

    /** The program's own components hold every right. */
    private static final EscalationGuard TRUSTED = (user, tenant, type, object, old) -> {};

    private static final Authorizer ALLOWED = asked -> new Authorizer.Decision.Allow("");

    private final Reads reads;
    private final Writes writes;
    private final String fieldManager;

    public LocalClient(Registry registry) {
        this(registry, "kube-controller-manager");
    }

    /**
     * @param fieldManager the component's name in {@code managedFields}
     */
    public LocalClient(Registry registry, String fieldManager) {
        this.reads = registry.reads();
        this.writes = registry.writes();
        this.fieldManager = fieldManager;
    }

    @Override
    public ObjectNode get(ResourceType type, ObjectKey key) {
        uninterrupted(() -> {
            reads.awaitFresh();
            return true;
        });
        return reads.get(type, key.tenant(), key.namespace(), key.name()).copy();
    }

    @Override
    public ObjectList list(ResourceType type, Selection selection) {
        Page page = uninterrupted(() -> reads.list(extent(type, selection), ListRequest.ALL));
        return new ObjectList(
                Long.toString(page.revision()),
                page.items().stream().map(TenantObject::new).toList());
    }

    @Override
    public Watch watch(ResourceType type, Selection selection, String resourceVersion) {
        long revision = ListRequest.parseRevision(resourceVersion);
        Extent extent = extent(type, selection);
        return new LocalWatch(
                uninterrupted(
                        () -> reads.watch(extent, revision == 0 ? reads.revision() : revision)));
    }

    private static Extent extent(ResourceType type, Selection selection) {
        return new Extent(
                type,
                selection.tenant(),
                selection.namespace(),
                ObjectFilter.parse(type, selection.labelSelector(), selection.fieldSelector()));
    }

    @Override
    public ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object) {
        String namespace = type.namespaced() ? Metadata.namespace(object) : "";
        if (type.namespaced() && namespace.isEmpty()) {
            throw ApiException.badRequest("a " + type.kind() + " needs a namespace");
        }
        return uninterrupted(
                () -> writes.create(call(tenant), type, namespace, object::deepCopy).copy());
    }

    @Override
    public ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object) {
        return update(type, tenant, object, "");
    }

    @Override
    public ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object) {
        return update(type, tenant, object, "status");
    }

    private ObjectNode update(
            ResourceType type, Tenant tenant, ObjectNode object, String subresource) {
        return uninterrupted(() ->
                writes.update(
                                call(tenant),
                                type,
                                type.namespaced() ? Metadata.namespace(object) : "",
                                Metadata.name(object),
                                subresource,
                                object.deepCopy())
                        .object()
                        .copy());
    }

    /** With subresource {@code binding}, the body is a Binding: {@code target.name} is the node. */
    @Override
    public ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource) {
        return uninterrupted(() -> {
            if (subresource.equals("binding") && patch.body() instanceof ObjectNode binding) {
                return writes.change(
                                call(key.tenant()),
                                type,
                                key.namespace(),
                                key.name(),
                                subresource,
                                Bindings.of(binding))
                        .object()
                        .copy();
            }
            return writes.patch(
                            call(key.tenant()),
                            type,
                            key.namespace(),
                            key.name(),
                            subresource,
                            PatchRequest.of(patch))
                    .object()
                    .copy();
        });
    }

    @Override
    public void delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        DeleteRequest request = DeleteRequest.of(options);
        uninterrupted(() ->
                writes.delete(call(key.tenant()), type, key.namespace(), key.name(), request));
    }

    private WriteCall call(Tenant tenant) {
        return new WriteCall(
                SELF,
                tenant,
                true,
                true,
                false,
                FieldValidation.IGNORE,
                fieldManager,
                TRUSTED,
                ALLOWED,
                warning -> {},
                (key, value) -> {});
    }

    private interface Interruptible<T> {
        T call() throws InterruptedException;
    }

    private static <T> T uninterrupted(Interruptible<T> action) {
        try {
            return action.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(
                    Status.of(Reason.TIMEOUT, "interrupted while waiting for the store"), e);
        }
    }
}
