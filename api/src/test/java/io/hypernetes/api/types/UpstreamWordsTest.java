package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

/** What {@code conformance/compare} found to be told otherwise than by a kube-apiserver. */
class UpstreamWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    networkpolicies | {'spec':{'podSelector':{},'ingress':[{'ports':[{'protocol':''}]}]}} | spec.ingress[0].ports[0].protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"
                    ingressclasses  | {'spec':{'controller':'a.b/c','parameters':{'kind':'K','name':'n','scope':''}}} | spec.parameters.scope: Unsupported value: "": supported values: "Cluster", "Namespace"
                    services        | {'spec':{'internalTrafficPolicy':'','trafficDistribution':'x','ports':[{'port':80}]}} | spec.internalTrafficPolicy: Unsupported value: "": supported values: "Cluster", "Local" && spec.trafficDistribution: Unsupported value: "x": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"
                    priorityclasses | {'value':1,'preemptionPolicy':''} | preemptionPolicy: Required value
                    csidrivers      | {'spec':{'fsGroupPolicy':''}} | spec.fsGroupPolicy: Unsupported value: "": supported values: "File", "None", "ReadWriteOnceWithFSType"
                    storageclasses  | {'provisioner':'a.b/c','allowedTopologies':[{}]} | allowedTopologies[0].matchLabelExpressions: Duplicate value: ""
                    ingresses       | {'spec':{'defaultBackend':{'service':{'name':'1a','port':{'number':80}}}}} | ``
                    horizontalpodautoscalers | {'spec':{'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'d'},'minReplicas':0,'maxReplicas':1}} | spec.minReplicas: Invalid value: 0: must be greater than or equal to 1 && spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas
                    persistentvolumes | {'spec':{'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi','a':'1'},'nfs':{'server':'s','path':'/'}}} | spec.capacity: Unsupported value: {"a":"1","storage":"1Gi"}: supported values: "storage"
                    pods            | {'spec':{'containers':[{'name':'c','image':'i'}],'initContainers':[{'name':'d','image':'i','restartPolicyRules':[{'action':''}]}]}} | spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used
                    """)
    void newObjects(String plural, String json, String errors) {
        assertThat(RuleTables.mistakes(plural, json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    namespaces | {} | {'status':{'phase':'ok'}} | status.Phase: Invalid value: "ok": may only be 'Active' if `deletionTimestamp` is empty
                    poddisruptionbudgets | {} | {'status':{'conditions':[{'type':'A','status':'True'}]}} | status.conditions[0].lastTransitionTime: Required value && status.conditions[0].reason: Required value
                    """)
    void statuses(String plural, String before, String after, String errors) {
        assertThat(RuleTables.statusMistakes(plural, before, after)).isEqualTo(errors);
    }

    @Test
    void anImageThatNobodyCanPullHasNoTag() {
        assertThat(pullPolicy("i")).isEqualTo("Always");
        assertThat(pullPolicy("r.io:5000/a/b_c:latest")).isEqualTo("Always");
        assertThat(pullPolicy("i:1")).isEqualTo("IfNotPresent");
        assertThat(pullPolicy("Not Valid!")).isEqualTo("IfNotPresent");
        assertThat(pullPolicy("../x")).isEqualTo("IfNotPresent");
        assertThat(pullPolicy("a.".repeat(100_000))).isEqualTo("IfNotPresent");
    }

    private static String pullPolicy(String image) {
        ObjectNode pod =
                RuleTables.stored(
                        BuiltinTypes.PODS,
                        "{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}");
        return pod.at("/spec/containers/0/imagePullPolicy").asString("");
    }

    @Test
    void whatANodeDoesNotSayIsAllocatable() {
        ObjectNode node =
                RuleTables.stored(BuiltinTypes.NODES, "{'status':{'capacity':{'cpu':'4'}}}");
        assertThat(node.at("/status/allocatable/cpu").asString("")).isEqualTo("4");
    }

    @Test
    void aVolumesPhaseHasItsTime() {
        ResourceType type = BuiltinTypes.PERSISTENT_VOLUMES;
        ObjectNode old =
                RuleTables.stored(
                        type,
                        "{'status':{'phase':'Pending','lastPhaseTransitionTime':'2026-01-01T00:00:00Z'}}");
        ObjectNode same = RuleTables.stored(type, "{'status':{'message':'m'}}");
        type.strategy().prepareForStatusUpdate(same, old);
        assertThat(same.at("/status/lastPhaseTransitionTime").asString(""))
                .startsWith("2026-01-01");
        ObjectNode bound = RuleTables.stored(type, "{'status':{'phase':'Bound'}}");
        type.strategy().prepareForStatusUpdate(bound, old);
        assertThat(bound.at("/status/lastPhaseTransitionTime").asString(""))
                .isNotEmpty()
                .doesNotStartWith("2026-01-01T00:00:00");
    }

    @Test
    void aJobsLabelsAreItsPodsWithWhatIsGenerated() {
        ResourceType type = WorkloadTypes.JOBS;
        ObjectNode job =
                RuleTables.stored(
                        type,
                        "{'metadata':{'name':'j','uid':'u'},'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{}}}}");
        type.strategy().prepareForCreate(job);
        assertThat(Metadata.labels(job))
                .containsEntry("a", "b")
                .containsEntry("batch.kubernetes.io/job-name", "j");
    }
}
