/**
 * What keeps pods running: replication controllers, replica sets, deployments, stateful sets,
 * daemon sets, jobs and cron jobs of all tenants, and the budgets that say how many of them may be
 * disturbed.
 *
 * <p>Entry class: {@link io.hypernetes.controllers.workload.Workloads}. Each controller runs a few
 * virtual threads for all tenants together; one owner is looked at by one thread at a time. Before
 * pods are made or deleted the truth is read, so a mirror that lags makes no pod twice.
 */
@NullMarked
package io.hypernetes.controllers.workload;

import org.jspecify.annotations.NullMarked;
