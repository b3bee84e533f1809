package io.hypernetes.controllers.workload;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Informer;

import java.util.List;

/** What several workload controllers look at, of all tenants, mirrored once for all of them. */
record WorkloadMirrors(
        Informer pods,
        Informer replicationControllers,
        Informer replicaSets,
        Informer deployments,
        Informer statefulSets,
        Informer jobs,
        Informer daemonSets,
        Informer nodes)
        implements AutoCloseable {

    static WorkloadMirrors of(Client client) {
        return new WorkloadMirrors(
                new Informer(client, BuiltinTypes.PODS),
                new Informer(client, BuiltinTypes.REPLICATION_CONTROLLERS),
                new Informer(client, WorkloadTypes.REPLICA_SETS),
                new Informer(client, WorkloadTypes.DEPLOYMENTS),
                new Informer(client, WorkloadTypes.STATEFUL_SETS),
                new Informer(client, WorkloadTypes.JOBS),
                new Informer(client, WorkloadTypes.DAEMON_SETS),
                new Informer(client, BuiltinTypes.NODES, Selection.of(Tenant.SYSTEM)));
    }

    @Override
    public void close() {
        List.of(
                        pods,
                        replicationControllers,
                        replicaSets,
                        deployments,
                        statefulSets,
                        jobs,
                        daemonSets,
                        nodes)
                .forEach(Informer::close);
    }
}
