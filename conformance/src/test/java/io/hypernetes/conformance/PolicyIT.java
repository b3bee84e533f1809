package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

/**
 * Upstream's validatingadmissionpolicy.go and mutatingadmissionpolicy.go; the objects themselves
 * are in {@link ApiOperationsIT}.
 */
final class PolicyIT {
    private static void policy(Space space, String name, String spec) {
        space.cluster("admissionregistration.k8s.io/v1", "validatingadmissionpolicies")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: %s}
                        spec:
                          matchConstraints:
                            namespaceSelector: {matchLabels: {space: %s}}
                            resourceRules:
                            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments]}
                        %s
                        """
                                .formatted(name, space.namespace(), spec.indent(2)));
        space.cluster("admissionregistration.k8s.io/v1", "validatingadmissionpolicybindings")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec: {policyName: %1$s, validationActions: [Deny]}
                        """
                                .formatted(name));
    }

    @Upstream({
        "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate"
                + " against a Deployment [Conformance]",
        "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow"
                + " expressions to refer variables. [Conformance]"
    })
    @InWorlds
    void aPolicyJudgesDeployments(Space space) {
        policy(
                space,
                Space.unique("policy"),
                """
                variables:
                - {name: replicas, expression: object.spec.replicas}
                - {name: oddReplicas, expression: variables.replicas % 2 == 1}
                validations:
                - {expression: variables.replicas > 1}
                - {expression: variables.oddReplicas, messageExpression: "'wants an odd number, not ' + string(variables.replicas)"}
                """);
        Objects deployments = space.objects("apps/v1", "deployments");
        assertThat(
                        Refused.by(() -> deployments.create(WorkloadIT.deployment("d", 1, "i")))
                                .message())
                .contains("failed expression: variables.replicas > 1");
        assertThat(
                        Refused.by(() -> deployments.create(WorkloadIT.deployment("d", 2, "i")))
                                .message())
                .contains("denied request: wants an odd number, not 2");
        deployments.create(WorkloadIT.deployment("d", 3, "i"));
    }

    private static void mutation(Space space, String expression) {
        String name = Space.unique("mutation");
        space.cluster("admissionregistration.k8s.io/v1", "mutatingadmissionpolicies")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingAdmissionPolicy
                        metadata: {name: %s}
                        spec:
                          reinvocationPolicy: Never
                          matchConstraints:
                            namespaceSelector: {matchLabels: {space: %s}}
                            resourceRules:
                            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
                          mutations:
                          - patchType: ApplyConfiguration
                            applyConfiguration: {expression: '%s'}
                        """
                                .formatted(name, space.namespace(), expression));
        space.cluster("admissionregistration.k8s.io/v1", "mutatingadmissionpolicybindings")
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec: {policyName: %1$s}
                        """
                                .formatted(name));
    }

    @Upstream({
        "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a"
                + " Deployment [Conformance]",
        "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a"
                + " Deployment with annotations [Conformance]"
    })
    @InWorlds
    void aPolicyChangesDeployments(Space space) {
        mutation(space, "Object{spec: Object.spec{replicas: 1337}}");
        mutation(
                space,
                "Object{metadata: Object.metadata{annotations: {\"mutated-by\": \"policy\"}}}");
        ObjectNode made =
                space.objects("apps/v1", "deployments").create(WorkloadIT.deployment("d", 1, "i"));
        assertThat(made.at("/spec/replicas").asInt()).isEqualTo(1337);
        assertThat(Metadata.annotation(made, "mutated-by")).isEqualTo("policy");
    }
}
