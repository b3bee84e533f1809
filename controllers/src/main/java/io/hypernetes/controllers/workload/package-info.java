/**
 * What keeps pods running: replication controllers, replica sets and deployments of all tenants.
 *
 * <p>Entry classes: {@link io.hypernetes.controllers.workload.ReplicaController}, {@link
 * io.hypernetes.controllers.workload.DeploymentController}. Each runs a few virtual threads for all
 * tenants together; one owner is looked at by one thread at a time. Before pods are made or deleted
 * the truth is read, so a mirror that lags makes no pod twice.
 */
@NullMarked
package io.hypernetes.controllers.workload;

import org.jspecify.annotations.NullMarked;
