package io.hypernetes.controllers.workload;

import io.hypernetes.api.client.Client;
import io.hypernetes.controllers.endpoint.EndpointControllers;

import java.time.Clock;

/**
 * The controllers that make pods of other objects, count what may happen to them, and tell who
 * stands behind a service. They mirror what they look at together: one watch of pods for all of
 * them and all tenants.
 */
public final class Workloads implements AutoCloseable {
    private final WorkloadMirrors mirrors;
    private final ReplicaController replicationControllers;
    private final ReplicaController replicaSets;
    private final DeploymentController deployments;
    private final JobController jobs;
    private final CronJobController cronJobs;
    private final StatefulSetController statefulSets;
    private final DisruptionController disruptions;
    private final EndpointControllers endpoints;

    public Workloads(Client client, Clock clock) {
        mirrors = WorkloadMirrors.of(client);
        replicationControllers = ReplicaController.ofReplicationControllers(client, mirrors, clock);
        replicaSets = ReplicaController.ofReplicaSets(client, mirrors, clock);
        deployments = new DeploymentController(client, mirrors, clock);
        statefulSets = new StatefulSetController(client, mirrors, clock);
        cronJobs = new CronJobController(client, mirrors, clock);
        jobs = new JobController(client, mirrors, clock);
        disruptions = new DisruptionController(client, mirrors, clock);
        endpoints = new EndpointControllers(client, mirrors.pods());
    }

    public Workloads start() {
        replicationControllers.start();
        replicaSets.start();
        deployments.start();
        jobs.start();
        cronJobs.start();
        statefulSets.start();
        disruptions.start();
        endpoints.start();
        return this;
    }

    @Override
    public void close() {
        endpoints.close();
        disruptions.close();
        statefulSets.close();
        cronJobs.close();
        jobs.close();
        deployments.close();
        replicaSets.close();
        replicationControllers.close();
        mirrors.close();
    }
}
