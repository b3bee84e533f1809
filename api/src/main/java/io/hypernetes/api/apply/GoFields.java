package io.hypernetes.api.apply;

import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.Schema;

import java.util.Map;
import java.util.Set;

/**
 * Fields that Go's encoding of a built-in kind always writes. They are there before anybody sets
 * them, so nobody adds them: a new Deployment's owner owns {@code f:spec: {f:replicas}} and not
 * {@code f:spec} itself, as the owner of a new custom object does.
 *
 * <p>These are structs that are no pointers, listed here because no schema tells them from
 * pointers, and all required fields.
 */
final class GoFields {

    /** In all kinds; a field of a custom resource is never meant. */
    private static final Set<String> EVERYWHERE = Set.of("metadata", "spec", "status");

    private static final String CORE = "io.k8s.api.core.v1.";
    private static final String APPS = "io.k8s.api.apps.v1.";

    private static final Map<String, Set<String>> STRUCTS =
            Map.ofEntries(
                    Map.entry(APPS + "DeploymentSpec", Set.of("strategy", "template")),
                    Map.entry(APPS + "StatefulSetSpec", Set.of("updateStrategy", "template")),
                    Map.entry(APPS + "DaemonSetSpec", Set.of("updateStrategy", "template")),
                    Map.entry(APPS + "ReplicaSetSpec", Set.of("template")),
                    Map.entry("io.k8s.api.batch.v1.JobSpec", Set.of("template")),
                    Map.entry("io.k8s.api.batch.v1.CronJobSpec", Set.of("jobTemplate")),
                    Map.entry(CORE + "PodTemplate", Set.of("template")),
                    Map.entry(CORE + "Container", Set.of("resources")),
                    Map.entry(CORE + "EphemeralContainer", Set.of("resources")),
                    Map.entry(CORE + "ContainerStatus", Set.of("state", "lastState")),
                    Map.entry(CORE + "PersistentVolumeClaimSpec", Set.of("resources")),
                    Map.entry(CORE + "ServiceStatus", Set.of("loadBalancer")),
                    Map.entry(CORE + "NodeStatus", Set.of("daemonEndpoints", "nodeInfo")),
                    Map.entry(CORE + "NodeDaemonEndpoints", Set.of("kubeletEndpoint")),
                    Map.entry(CORE + "Event", Set.of("source")),
                    Map.entry("io.k8s.api.networking.v1.NetworkPolicySpec", Set.of("podSelector")),
                    Map.entry("io.k8s.api.networking.v1.IngressStatus", Set.of("loadBalancer")),
                    Map.entry("io.k8s.api.discovery.v1.Endpoint", Set.of("conditions")),
                    Map.entry(
                            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1"
                                    + ".CustomResourceDefinitionStatus",
                            Set.of("acceptedNames")));

    private GoFields() {}

    static boolean alwaysThere(Schema.Struct struct, Property property) {
        if (struct.checked() || struct.definition().isEmpty()) {
            return false;
        }
        return property.required()
                || EVERYWHERE.contains(property.name())
                || STRUCTS.getOrDefault(struct.definition(), Set.of()).contains(property.name());
    }
}
