package io.hypernetes.controllers.workload;

import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllers.autoscale.AutoscalerController;
import io.hypernetes.controllers.device.DeviceClaims;
import io.hypernetes.controllers.endpoint.EndpointControllers;
import io.hypernetes.controllers.node.NodeControllers;

import java.time.Clock;

/**
 * The controllers that make pods of other objects, count what may happen to them, and tell who
 * stands behind a service. They mirror what they look at together: one watch of pods for all of
 * them and all tenants.
 */
public final class Workloads implements AutoCloseable {

    /**
     * Objects of a kind that are worked on at once. A worker waits for the disk most of the time,
     * and one fsync serves all who wait, so more of them than processors get more done.
     */
    static final int WORKERS = 16;

    private final WorkloadMirrors mirrors;
    private final ReplicaController replicationControllers;
    private final ReplicaController replicaSets;
    private final DeploymentController deployments;
    private final JobController jobs;
    private final CronJobController cronJobs;
    private final StatefulSetController statefulSets;
    private final DaemonSetController daemonSets;
    private final DisruptionController disruptions;
    private final EndpointControllers endpoints;
    private final EphemeralClaims ephemeralClaims;
    private final DeviceClaims deviceClaims;
    private final NodeControllers nodes;
    private final AutoscalerController autoscalers;

    /**
     * @param types of each world: an autoscaler may name any of them
     * @param usages what the nodes measure
     */
    public Workloads(Client client, WorldTypes types, UsageSource usages, Clock clock) {
        mirrors = WorkloadMirrors.of(client);
        replicationControllers = ReplicaController.ofReplicationControllers(client, mirrors, clock);
        replicaSets = ReplicaController.ofReplicaSets(client, mirrors, clock);
        deployments = new DeploymentController(client, mirrors, clock);
        statefulSets = new StatefulSetController(client, mirrors, clock);
        cronJobs = new CronJobController(client, mirrors, clock);
        jobs = new JobController(client, mirrors, clock);
        daemonSets = new DaemonSetController(client, mirrors, clock);
        disruptions = new DisruptionController(client, mirrors, clock);
        endpoints = new EndpointControllers(client, mirrors.pods());
        ephemeralClaims = new EphemeralClaims(client, mirrors, clock);
        deviceClaims = new DeviceClaims(client, mirrors.pods(), clock);
        nodes = new NodeControllers(client, mirrors.pods(), mirrors.nodes(), clock);
        autoscalers = new AutoscalerController(client, types, usages, mirrors.pods(), clock);
    }

    public Workloads start() {
        replicationControllers.start();
        replicaSets.start();
        deployments.start();
        jobs.start();
        cronJobs.start();
        statefulSets.start();
        daemonSets.start();
        disruptions.start();
        endpoints.start();
        ephemeralClaims.start();
        deviceClaims.start();
        nodes.start();
        autoscalers.start();
        return this;
    }

    @Override
    public void close() {
        autoscalers.close();
        nodes.close();
        deviceClaims.close();
        ephemeralClaims.close();
        endpoints.close();
        disruptions.close();
        daemonSets.close();
        statefulSets.close();
        cronJobs.close();
        jobs.close();
        deployments.close();
        replicaSets.close();
        replicationControllers.close();
        mirrors.close();
    }
}
