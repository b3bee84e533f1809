package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.namespaced;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.apps.AppsColumns;
import io.hypernetes.api.types.apps.ControllerRevisionStrategy;
import io.hypernetes.api.types.apps.DaemonSetStrategy;
import io.hypernetes.api.types.apps.DeploymentStrategy;
import io.hypernetes.api.types.apps.ReplicaSetStrategy;
import io.hypernetes.api.types.apps.StatefulSetStrategy;
import io.hypernetes.api.types.autoscaling.AutoscalerColumns;
import io.hypernetes.api.types.autoscaling.AutoscalerConversion;
import io.hypernetes.api.types.autoscaling.AutoscalerStrategy;
import io.hypernetes.api.types.autoscaling.OldAutoscalerStrategy;
import io.hypernetes.api.types.batch.BatchColumns;
import io.hypernetes.api.types.batch.CronJobStrategy;
import io.hypernetes.api.types.batch.JobStrategy;
import io.hypernetes.api.types.policy.DisruptionBudgetStrategy;
import io.hypernetes.api.types.policy.PolicyColumns;

/** The rows of what runs pods: workloads, jobs, autoscalers, disruption budgets. */
public final class WorkloadTypes {

    private static final String APPS = "apps";
    private static final String BATCH = "batch";
    private static final String AUTOSCALING = "autoscaling";
    private static final String POLICY = "policy";

    public static final ResourceType DEPLOYMENTS =
            namespaced(APPS, "v1", "deployments", "Deployment")
                    .shortNames("deploy")
                    .categories("all")
                    .subresources("status", "scale")
                    .columns(AppsColumns.DEPLOYMENT)
                    .as("io.k8s.api.apps.v1.Deployment", new DeploymentStrategy());

    public static final ResourceType REPLICA_SETS =
            namespaced(APPS, "v1", "replicasets", "ReplicaSet")
                    .shortNames("rs")
                    .categories("all")
                    .subresources("status", "scale")
                    .columns(AppsColumns.REPLICA_SET)
                    .as("io.k8s.api.apps.v1.ReplicaSet", new ReplicaSetStrategy());

    public static final ResourceType STATEFUL_SETS =
            namespaced(APPS, "v1", "statefulsets", "StatefulSet")
                    .shortNames("sts")
                    .categories("all")
                    .subresources("status", "scale")
                    .columns(AppsColumns.STATEFUL_SET)
                    .as("io.k8s.api.apps.v1.StatefulSet", new StatefulSetStrategy());

    public static final ResourceType DAEMON_SETS =
            namespaced(APPS, "v1", "daemonsets", "DaemonSet")
                    .shortNames("ds")
                    .categories("all")
                    .subresources("status")
                    .columns(AppsColumns.DAEMON_SET)
                    .as("io.k8s.api.apps.v1.DaemonSet", new DaemonSetStrategy());

    public static final ResourceType CONTROLLER_REVISIONS =
            namespaced(APPS, "v1", "controllerrevisions", "ControllerRevision")
                    .columns(AppsColumns.CONTROLLER_REVISION)
                    .as("io.k8s.api.apps.v1.ControllerRevision", new ControllerRevisionStrategy());

    public static final ResourceType JOBS =
            namespaced(BATCH, "v1", "jobs", "Job")
                    .categories("all")
                    .subresources("status")
                    .columns(BatchColumns.JOB)
                    .as("io.k8s.api.batch.v1.Job", new JobStrategy());

    public static final ResourceType CRON_JOBS =
            namespaced(BATCH, "v1", "cronjobs", "CronJob")
                    .shortNames("cj")
                    .categories("all")
                    .subresources("status")
                    .columns(BatchColumns.CRON_JOB)
                    .as("io.k8s.api.batch.v1.CronJob", new CronJobStrategy());

    public static final ResourceType HORIZONTAL_POD_AUTOSCALERS =
            namespaced(AUTOSCALING, "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler")
                    .shortNames("hpa")
                    .categories("all")
                    .subresources("status")
                    .columns(AutoscalerColumns.ALL)
                    .as(
                            "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
                            new AutoscalerStrategy());

    public static final ResourceType OLD_HORIZONTAL_POD_AUTOSCALERS =
            namespaced(AUTOSCALING, "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler")
                    .shortNames("hpa")
                    .categories("all")
                    .subresources("status")
                    .columns(OldAutoscalerStrategy.COLUMNS)
                    .storedAs(HORIZONTAL_POD_AUTOSCALERS, new AutoscalerConversion())
                    .as(
                            "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
                            new OldAutoscalerStrategy());

    public static final ResourceType POD_DISRUPTION_BUDGETS =
            namespaced(POLICY, "v1", "poddisruptionbudgets", "PodDisruptionBudget")
                    .shortNames("pdb")
                    .subresources("status")
                    .columns(PolicyColumns.DISRUPTION_BUDGET)
                    .as("io.k8s.api.policy.v1.PodDisruptionBudget", new DisruptionBudgetStrategy());

    private WorkloadTypes() {}
}
