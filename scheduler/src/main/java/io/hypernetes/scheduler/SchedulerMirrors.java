package io.hypernetes.scheduler;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import java.util.List;

/**
 * What the scheduler watches: everybody's pods, claims and volumes, and the operator's nodes. They
 * may be shared; the scheduler starts those that are not started yet.
 */
public record SchedulerMirrors(
        Informer pods, Informer nodes, Informer claims, Informer volumes, Informer deviceClaims)
        implements AutoCloseable {

    public static SchedulerMirrors of(Client client) {
        return new SchedulerMirrors(
                new Informer(client, BuiltinTypes.PODS),
                new Informer(client, BuiltinTypes.NODES, Selection.of(Tenant.SYSTEM)),
                new Informer(client, BuiltinTypes.PERSISTENT_VOLUME_CLAIMS),
                new Informer(client, BuiltinTypes.PERSISTENT_VOLUMES),
                new Informer(client, BuiltinTypes.RESOURCE_CLAIMS).lean());
    }

    void start() {
        all().forEach(Informer::start);
    }

    void awaitSynced() throws InterruptedException {
        for (Informer informer : all()) {
            informer.awaitSynced();
        }
    }

    private List<Informer> all() {
        return List.of(nodes, claims, volumes, deviceClaims, pods);
    }

    @Override
    public void close() {
        all().forEach(Informer::close);
    }
}
