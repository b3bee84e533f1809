package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Upstream's validatingadmissionpolicy.go; the objects themselves are in {@link ApiOperationsIT}.
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
}
