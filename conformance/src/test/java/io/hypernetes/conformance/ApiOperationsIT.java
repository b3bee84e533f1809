package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

/** The kinds that upstream asks the same of: every verb, and the status where there is one. */
final class ApiOperationsIT {
    private static final String CONDITION =
            "{status: {conditions: [{type: StatusPatched, status: 'True', reason: E2E, message:"
                    + " Set, lastTransitionTime: '2026-01-01T00:00:00Z'}]}}";

    @Upstream(
            "[sig-api-machinery] API priority and fairness should support FlowSchema API operations"
                    + " [Conformance]")
    @InWorlds
    void flowSchemas(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("flowcontrol.apiserver.k8s.io/v1", "flowschemas"),
                        "FlowSchema",
                        """
                        spec:
                          matchingPrecedence: 10000
                          priorityLevelConfiguration: {name: global-default}
                          distinguisherMethod: {type: ByUser}
                          rules:
                          - subjects: [{kind: User, user: {name: example-e2e-non-existent-user}}]
                            nonResourceRules: [{verbs: [get], nonResourceURLs: ['*']}]
                        """)
                .withStatus(CONDITION.replace("StatusPatched", "Dangling"))
                .run();
    }

    @Upstream(
            "[sig-api-machinery] API priority and fairness should support"
                    + " PriorityLevelConfiguration API operations [Conformance]")
    @InWorlds
    void priorityLevels(Space space) {
        new Lifecycle(
                        space,
                        space.cluster(
                                "flowcontrol.apiserver.k8s.io/v1", "prioritylevelconfigurations"),
                        "PriorityLevelConfiguration",
                        """
                        spec:
                          type: Limited
                          limited: {nominalConcurrencyShares: 2, limitResponse: {type: Reject}}
                        """)
                .withStatus(CONDITION)
                .run();
    }

    @Upstream(
            "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
                    + " ValidatingAdmissionPolicy API operations [Conformance]")
    @InWorlds
    void policies(Space space) {
        new Lifecycle(
                        space,
                        space.cluster(
                                "admissionregistration.k8s.io/v1", "validatingadmissionpolicies"),
                        "ValidatingAdmissionPolicy",
                        """
                        spec:
                          failurePolicy: Ignore
                          matchConstraints:
                            resourceRules:
                            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE],
                               resources: [nothings]}
                          validations: [{expression: object.spec.replicas <= 100}]
                        """)
                .withStatus(CONDITION)
                .run();
    }

    @Upstream(
            "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
                    + " ValidatingAdmissionPolicyBinding API operations [Conformance]")
    @InWorlds
    void policyBindings(Space space) {
        new Lifecycle(
                        space,
                        space.cluster(
                                "admissionregistration.k8s.io/v1",
                                "validatingadmissionpolicybindings"),
                        "ValidatingAdmissionPolicyBinding",
                        "spec: {policyName: none, validationActions: [Deny]}")
                .run();
    }

    @Upstream("[sig-apps] CronJob should support CronJob API operations [Conformance]")
    @InWorlds
    void cronJobs(Space space) {
        new Lifecycle(
                        space,
                        space.objects("batch/v1", "cronjobs"),
                        "CronJob",
                        """
                        spec:
                          schedule: '* */1 * * *'
                          concurrencyPolicy: Allow
                          suspend: true
                          jobTemplate:
                            spec:
                              template:
                                spec: {restartPolicy: OnFailure, containers: [{name: c, image: i}]}
                        """)
                .withStatus("status: {lastScheduleTime: '2026-01-01T00:00:00Z'}")
                .run();
    }

    @Upstream(
            "[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API"
                    + " operations [Conformance]")
    @InWorlds
    void certificateRequests(Space space) throws Exception {
        Objects requests = space.cluster("certificates.k8s.io/v1", "certificatesigningrequests");
        Lifecycle life =
                new Lifecycle(
                        space,
                        requests,
                        "CertificateSigningRequest",
                        """
                        spec:
                          request: %s
                          signerName: example.com/e2e-signer
                          expirationSeconds: 3600
                          usages: [digital signature, key encipherment, server auth]
                        """
                                .formatted(CertificateRequest.pem()));
        life.withStatus("status: {certificate: %s}".formatted(CertificateRequest.certificate()))
                .run();
        var made = requests.create(life.object(Space.unique("approved")));
        String name = Metadata.name(made);
        String condition =
                "{status: {conditions: [{type: ApprovalPatch, status: 'True', reason: E2E}]}}";
        var patched = requests.merge(name, condition, "approval");
        assertThat(patched.path("status").path("conditions")).hasSize(1);
        patched.withObjectProperty("status")
                .withArrayProperty("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True")
                .put("reason", "E2E");
        var approved = requests.replace(patched, "approval");
        assertThat(approved.path("status").path("conditions")).hasSize(2);
        assertThat(requests.get(name, "approval").path("status").path("conditions")).hasSize(2);
    }

    @Upstream(
            "[sig-network] EndpointSlice should support creating EndpointSlice API operations"
                    + " [Conformance]")
    @InWorlds
    void endpointSlices(Space space) {
        new Lifecycle(
                        space,
                        space.objects("discovery.k8s.io/v1", "endpointslices"),
                        "EndpointSlice",
                        """
                        addressType: IPv4
                        endpoints: [{addresses: [1.2.3.4, 5.6.7.8]}]
                        """)
                .run();
    }

    @Upstream(
            "[sig-network] Ingress API should support creating Ingress API operations"
                    + " [Conformance]")
    @InWorlds
    void ingresses(Space space) {
        new Lifecycle(
                        space,
                        space.objects("networking.k8s.io/v1", "ingresses"),
                        "Ingress",
                        """
                        spec:
                          defaultBackend: {service: {name: defaultbackend, port: {number: 80}}}
                          rules:
                          - host: foo.bar.com
                            http:
                              paths:
                              - path: /
                                pathType: ImplementationSpecific
                                backend: {service: {name: test-backend, port: {number: 8080}}}
                        """)
                .withStatus("status: {loadBalancer: {ingress: [{ip: 169.1.1.1}]}}")
                .run();
    }

    @Upstream(
            "[sig-network] IngressClass API should support creating IngressClass API operations"
                    + " [Conformance]")
    @InWorlds
    void ingressClasses(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("networking.k8s.io/v1", "ingressclasses"),
                        "IngressClass",
                        "spec: {controller: example.com/controller}")
                .run();
    }

    @Upstream("[sig-node] RuntimeClass should support RuntimeClasses API operations [Conformance]")
    @InWorlds
    void runtimeClasses(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("node.k8s.io/v1", "runtimeclasses"),
                        "RuntimeClass",
                        "handler: e2e")
                .run();
    }

    @Upstream(
            "[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations"
                    + " [Conformance]")
    @InWorlds
    void storageCapacities(Space space) {
        new Lifecycle(
                        space,
                        space.objects("storage.k8s.io/v1", "csistoragecapacities"),
                        "CSIStorageCapacity",
                        "{storageClassName: example.com-provisioner, capacity: 1Gi}")
                .run();
    }

    @Upstream(
            "[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver"
                    + " [Conformance]")
    @InWorlds
    void csiDrivers(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("storage.k8s.io/v1", "csidrivers"),
                        "CSIDriver",
                        "spec: {attachRequired: false, volumeLifecycleModes: [Ephemeral]}")
                .run();
    }

    @Upstream(
            "[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode"
                    + " [Conformance]")
    @InWorlds
    void csiNodes(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("storage.k8s.io/v1", "csinodes"),
                        "CSINode",
                        "spec: {drivers: [{name: e2e-driver, nodeID: node}]}")
                .run();
    }

    @Upstream(
            "[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a"
                    + " StorageClass [Conformance]")
    @InWorlds(systemOnly = "storage classes are the operator's, shared with all tenants")
    void storageClasses(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("storage.k8s.io/v1", "storageclasses"),
                        "StorageClass",
                        "{provisioner: e2e-fake-provisioner, reclaimPolicy: Delete}")
                .run();
    }

    @Upstream({
        "[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment"
                + " status [Conformance]",
        "[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a"
                + " VolumeAttachment [Conformance]"
    })
    @InWorlds
    void volumeAttachments(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("storage.k8s.io/v1", "volumeattachments"),
                        "VolumeAttachment",
                        """
                        spec:
                          attacher: e2e-test.storage.k8s.io
                          nodeName: nowhere
                          source: {persistentVolumeName: pv}
                        """)
                .withStatus("status: {attached: true}")
                .run();
    }

    @Upstream({
        "[sig-node] PodTemplates should delete a collection of pod templates [Conformance]",
        "[sig-node] PodTemplates should replace a pod template [Conformance]",
        "[sig-node] PodTemplates should run the lifecycle of PodTemplates [Conformance]"
    })
    @InWorlds
    void podTemplates(Space space) {
        new Lifecycle(
                        space,
                        space.objects("v1", "podtemplates"),
                        "PodTemplate",
                        """
                        template:
                          metadata: {labels: {app: t}}
                          spec: {containers: [{name: nginx, image: nginx}]}
                        """)
                .run();
    }

    @Upstream("[sig-node] Lease lease API should be available [Conformance]")
    @InWorlds
    void leases(Space space) {
        new Lifecycle(
                        space,
                        space.objects("coordination.k8s.io/v1", "leases"),
                        "Lease",
                        """
                        spec:
                          holderIdentity: holder
                          leaseDurationSeconds: 30
                          acquireTime: '2026-01-01T00:00:00.000000Z'
                          renewTime: '2026-01-01T00:00:05.000000Z'
                          leaseTransitions: 0
                        """)
                .run();
    }

    @Upstream({
        "[sig-instrumentation] Events should delete a collection of events [Conformance]",
        "[sig-instrumentation] Events should manage the lifecycle of an event [Conformance]"
    })
    @InWorlds
    void coreEvents(Space space) {
        new Lifecycle(
                        space,
                        space.objects("v1", "events"),
                        "Event",
                        """
                        message: This is a test event
                        reason: Test
                        type: Normal
                        count: 1
                        involvedObject: {namespace: %s}
                        """
                                .formatted(space.namespace()))
                .run();
    }

    @Upstream({
        "[sig-instrumentation] Events API should delete a collection of events [Conformance]",
        "[sig-instrumentation] Events API should ensure that an event can be fetched, patched,"
                + " deleted, and listed [Conformance]"
    })
    @InWorlds
    void newEvents(Space space) {
        new Lifecycle(
                        space,
                        space.objects("events.k8s.io/v1", "events"),
                        "Event",
                        """
                        regarding: {namespace: %s}
                        note: This is a test event
                        reason: Test
                        action: Do
                        type: Normal
                        reportingController: test-controller
                        reportingInstance: test-node
                        eventTime: '2026-01-01T00:00:00.000000Z'
                        """
                                .formatted(space.namespace()))
                .run();
    }

    @Upstream(
            "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
                    + " MutatingAdmissionPolicy API operations [Conformance]")
    @InWorlds
    void mutatingPolicies(Space space) {
        new Lifecycle(
                        space,
                        space.cluster(
                                "admissionregistration.k8s.io/v1", "mutatingadmissionpolicies"),
                        "MutatingAdmissionPolicy",
                        """
                        spec:
                          reinvocationPolicy: Never
                          matchConstraints:
                            resourceRules:
                            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE],
                               resources: [nothings]}
                          mutations:
                          - patchType: ApplyConfiguration
                            applyConfiguration:
                              expression: 'Object{spec: Object.spec{replicas: 100}}'
                        """)
                .run();
    }

    @Upstream(
            "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
                    + " MutatingAdmissionPolicyBinding API operations [Conformance]")
    @InWorlds
    void mutatingPolicyBindings(Space space) {
        new Lifecycle(
                        space,
                        space.cluster(
                                "admissionregistration.k8s.io/v1",
                                "mutatingadmissionpolicybindings"),
                        "MutatingAdmissionPolicyBinding",
                        "spec: {policyName: none}")
                .run();
    }

    @Upstream(
            "[sig-storage] VolumeAttributesClass [FeatureGate:VolumeAttributesClass] should run"
                    + " through the lifecycle of a VolumeAttributesClass [Conformance]")
    @InWorlds
    void volumeAttributesClasses(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("storage.k8s.io/v1", "volumeattributesclasses"),
                        "VolumeAttributesClass",
                        "{driverName: e2e-fake-csi-driver, parameters: {iops: '100'}}")
                .run();
    }

    @Upstream("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass [Conformance]")
    @InWorlds
    void deviceClasses(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("resource.k8s.io/v1", "deviceclasses"),
                        "DeviceClass",
                        "spec: {selectors: [{cel: {expression: device.driver == 'e2e'}}]}")
                .run();
    }

    @Upstream("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim [Conformance]")
    @InWorlds
    void resourceClaims(Space space) {
        new Lifecycle(
                        space,
                        space.objects("resource.k8s.io/v1", "resourceclaims"),
                        "ResourceClaim",
                        """
                        spec:
                          devices:
                            requests: [{name: r, exactly: {deviceClassName: e2e.example.com}}]
                        """)
                .withStatus(
                        """
                        status:
                          allocation:
                            devices:
                              results: [{request: r, driver: d.example.com, pool: p, device: one}]
                        """)
                .run();
    }

    @Upstream("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate [Conformance]")
    @InWorlds
    void resourceClaimTemplates(Space space) {
        new Lifecycle(
                        space,
                        space.objects("resource.k8s.io/v1", "resourceclaimtemplates"),
                        "ResourceClaimTemplate",
                        """
                        spec:
                          spec:
                            devices:
                              requests: [{name: r, exactly: {deviceClassName: e2e.example.com}}]
                        """)
                .run();
    }

    @Upstream("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice [Conformance]")
    @InWorlds
    void resourceSlices(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("resource.k8s.io/v1", "resourceslices"),
                        "ResourceSlice",
                        """
                        spec:
                          driver: d.example.com
                          nodeName: nowhere
                          pool: {name: p, generation: 1, resourceSliceCount: 1}
                          devices: [{name: one}]
                        """)
                .run();
    }
}
