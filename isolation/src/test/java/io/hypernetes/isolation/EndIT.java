package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;

/** A tenant that does not want to end. */
class EndIT {
    private static final Tenant INITECH = new Tenant("initech");

    private static final List<String> BELONGINGS =
            List.of(
                    "{kind: Namespace, metadata: {name: fort, finalizers:"
                            + " [initech.example.com/never]}}",
                    "{kind: ConfigMap, metadata: {name: held, namespace: fort, finalizers:"
                            + " [initech.example.com/never]}}",
                    "{kind: Secret, metadata: {name: gold, namespace: default}, stringData: {a:"
                            + " b}}",
                    "{kind: Pod, metadata: {name: web, namespace: fort, finalizers:"
                            + " [initech.example.com/never]}, spec: {containers: [{name: c, image:"
                            + " x}]}}",
                    "{kind: PersistentVolumeClaim, metadata: {name: disk, namespace: fort}, spec:"
                        + " {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
                    "{kind: PersistentVolume, metadata: {name: disk}, spec: {accessModes:"
                        + " [ReadWriteOnce], capacity: {storage: 1Gi}, csi: {driver: x.example.com,"
                        + " volumeHandle: volume-1}}}",
                    "{kind: Service, metadata: {name: web, namespace: fort}, spec: {ports: [{port:"
                            + " 80}]}}",
                    "{kind: ReplicationController, metadata: {name: rc, namespace: fort}, spec:"
                        + " {replicas: 0, selector: {a: b}, template: {metadata: {labels: {a: b}},"
                        + " spec: {containers: [{name: c, image: x}]}}}}",
                    "{kind: ResourceQuota, metadata: {name: quota, namespace: fort}, spec: {hard:"
                            + " {configmaps: 100}}}",
                    "{kind: LimitRange, metadata: {name: range, namespace: fort}, spec: {limits:"
                            + " [{type: Container, default: {cpu: 100m}}]}}",
                    "{kind: Role, metadata: {name: role, namespace: fort}, rules: []}",
                    "{kind: ClusterRole, metadata: {name: role}, rules: []}",
                    "{kind: RoleBinding, metadata: {name: binding, namespace: fort}, roleRef:"
                            + " {apiGroup: rbac.authorization.k8s.io, kind: Role, name: role}}",
                    "{kind: NetworkPolicy, metadata: {name: policy, namespace: fort}, spec:"
                            + " {podSelector: {}}}",
                    "{kind: Network, metadata: {name: back}, spec: {cidr: 10.9.0.0/24}}",
                    "{kind: Lease, metadata: {name: lease, namespace: fort}, spec: {holderIdentity:"
                            + " me}}",
                    "{kind: CustomResourceDefinition, metadata: {name: turns.initech.example.com},"
                        + " spec: {group: initech.example.com, scope: Namespaced, names: {plural:"
                        + " turns, singular: turn, kind: Turn}, versions: [{name: v1, served: true,"
                        + " storage: true, schema: {openAPIV3Schema: {type: object}}}, {name: v2,"
                        + " served: true, storage: false, schema: {openAPIV3Schema: {type:"
                        + " object}}}]}}");

    private static final List<String> LAST =
            List.of(
                    "{kind: Turn, apiVersion: initech.example.com/v1, metadata: {name: turn,"
                            + " namespace: fort, finalizers: [initech.example.com/never]}}",
                    """
                    {kind: ValidatingAdmissionPolicy, metadata: {name: never}, spec: {failurePolicy: Fail,
                     matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [DELETE, UPDATE], resources: ["*"]}]},
                     validations: [{expression: "false"}]}}
                    """,
                    "{kind: ValidatingAdmissionPolicyBinding, metadata: {name: never}, spec:"
                            + " {policyName: never, validationActions: [Deny]}}",
                    """
                    {kind: ValidatingWebhookConfiguration, metadata: {name: never}, webhooks: [{name: never.initech.example.com, admissionReviewVersions: [v1],
                     sideEffects: None, failurePolicy: Fail, clientConfig: {service: {namespace: fort, name: web}},
                     rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"]}]}]}
                    """);

    @Attempt(
            id = "END-1",
            tries =
                    "to outlive one's own deletion: finalizers that nobody takes away, policies and"
                        + " webhooks that refuse every change, conversion by a webhook that is not"
                        + " there",
            result =
                    "the tenant goes; but for the operator's own events no key of the store has its"
                            + " name any more, others' objects are untouched; its users write no"
                            + " more meanwhile (403)")
    void aTenantThatDoesNotWantToEnd(Installation it) {
        it.apply(
                Tenant.SYSTEM,
                "{kind: Tenant, metadata: {name: initech}, spec: {security: {pods: privileged}}}");
        it.awaitAccount(INITECH);
        String boss = it.token(INITECH, "boss", UserInfo.MASTERS);
        BELONGINGS.forEach(yaml -> it.apply(INITECH, yaml));
        it.awaitType(INITECH, "Turn");
        LAST.forEach(yaml -> it.apply(INITECH, yaml));
        assertThat(it.send(boss, "DELETE", "/api/v1/namespaces/default/secrets/gold", "").status())
                .isIn(403, 422, 500);
        assertThat(it.storeKeys("/initech/")).isNotEmpty();
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", "initech");
        it.client().delete(BuiltinTypes.TENANTS, key, DeleteOptions.DEFAULT);
        Answer late =
                it.send(
                        boss,
                        "POST",
                        "/api/v1/namespaces",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"late\"}}");
        assertThat(late.status()).isEqualTo(403);
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .until(() -> it.client().find(BuiltinTypes.TENANTS, key).isEmpty());
        // What the operator is told of its tenants stays the operator's: events of Tenant objects.
        assertThat(it.storeKeys("initech"))
                .allSatisfy(left -> assertThat(left).startsWith("/events/system/"));
        assertThat(it.get(boss, "/api/v1/namespaces").status()).isEqualTo(403);
    }
}
