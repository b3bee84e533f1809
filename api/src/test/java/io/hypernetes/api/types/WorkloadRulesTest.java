package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.kind.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.stream.Collectors;

/** Mistakes in what makes, bounds and places pods, and how they are told. */
class WorkloadRulesTest {

    private static final String POD = "{'containers':[{'name':'c','image':'i'}]}";
    private static final String TEMPLATE = "{'metadata':{'labels':{'a':'b'}},'spec':" + POD + "}";
    private static final String SELECTED = "'selector':{'matchLabels':{'a':'b'}},'template':";

    private static ResourceType type(String plural) {
        return BuiltinTypes.ALL.stream()
                .filter(type -> type.id().resource().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    /** As the server sees a new one. */
    private static ObjectNode made(ResourceType type, String json) {
        String full =
                json.replace("SELECTED", SELECTED + TEMPLATE)
                        .replace("TEMPLATE", TEMPLATE)
                        .replace("POD", POD);
        ObjectNode object = object(full);
        ObjectNode metadata = Metadata.ensureMetadata(object);
        Trees.setDefault(metadata, "name", "x");
        metadata.put("uid", "u-1");
        if (type.namespaced()) {
            metadata.put("namespace", "web");
        }
        type.strategy().applyDefaults(object);
        type.strategy().prepareForCreate(object);
        return object;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    deployments  | {'spec':{SELECTED}}                                             | ^^
                    deployments  | {'spec':{'template':TEMPLATE}}                                  | spec.selector: Required value && spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`
                    deployments  | {'spec':{'selector':{},'template':TEMPLATE}}                    | spec.selector: Invalid value: {}: empty selector is invalid for deployment
                    deployments  | {'spec':{'selector':{'matchLabels':{'a':'c'}},'template':TEMPLATE}} | spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`
                    deployments  | {'spec':{'replicas':-1,SELECTED}}                               | spec.replicas: Invalid value: -1: must be greater than or equal to 0
                    deployments  | {'spec':{SELECTED,'strategy':{'type':'Recreate','rollingUpdate':{}}}} | spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'
                    deployments  | {'spec':{SELECTED,'strategy':{'rollingUpdate':{'maxUnavailable':0,'maxSurge':'0%'}}}} | spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0
                    deployments  | {'spec':{SELECTED,'strategy':{'rollingUpdate':{'maxUnavailable':'120%'}}}} | spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "120%": must not be greater than 100%
                    deployments  | {'spec':{SELECTED,'progressDeadlineSeconds':5,'minReadySeconds':5}} | spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds
                    deployments  | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{}}}} | spec.template.spec.containers: Required value
                    replicasets  | {'spec':{SELECTED}}                                             | ^^
                    statefulsets | {'spec':{SELECTED}}                                             | ^^
                    statefulsets | {'spec':{SELECTED,'podManagementPolicy':'Soon'}}                | spec.podManagementPolicy: Invalid value: "Soon": must be 'OrderedReady' or 'Parallel'
                    statefulsets | {'spec':{SELECTED,'serviceName':'a.b'}}                         | spec.serviceName: Invalid value: "a.b": must not contain dots
                    statefulsets | {'spec':{SELECTED,'updateStrategy':{'type':'Later'}}}           | spec.updateStrategy: Invalid value: {"Type":"Later","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'
                    statefulsets | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{}}}} | spec.template.spec.containers: Required value
                    statefulsets | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'subdomain':'a.b','containers':[{'name':'c','image':'i','volumeMounts':[{'name':'v','mountPath':'/v'}]}]}},'volumeClaimTemplates':[{'metadata':{'name':'v'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1'}}}}]}} | ^^
                    statefulsets | {'spec':{SELECTED,'volumeClaimTemplates':[{'metadata':{'name':'v'},'spec':{'resources':{'requests':{'storage':'1'}}}}]}} | spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required
                    statefulsets | {'spec':{'selector':{'matchExpressions':[{'key':'a','operator':'Is'}]},'template':{'spec':{}}}} | spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator && spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Is"}]}
                    deployments  | {'spec':{'selector':{'matchExpressions':[{'key':'a','operator':'Is'}]},'template':{'spec':{}}}} | spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator && spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Is"}]}: invalid label selector
                    deployments  | {'spec':{SELECTED,'strategy':{'type':'Later'}}}                 | spec.strategy: Unsupported value: {"Type":"Later","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"
                    daemonsets   | {'spec':{SELECTED}}                                             | ^^
                    daemonsets   | {'spec':{SELECTED,'updateStrategy':{'rollingUpdate':{'maxSurge':1}}}} | spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero
                    jobs         | {'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}} | ^^
                    jobs         | {'spec':{'template':TEMPLATE}}                                  | spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"
                    cronjobs     | {'spec':{'schedule':'* * * *','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}} | spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]
                    cronjobs     | {'spec':{'schedule':'61 * * * *','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}}}} | spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61
                    horizontalpodautoscalers | {'spec':{'maxReplicas':1,'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'d'}}} | ^^
                    horizontalpodautoscalers | {'spec':{'maxReplicas':1,'scaleTargetRef':{'kind':'ReplicationController','name':'d'}}} | ^^
                    horizontalpodautoscalers | {'spec':{'scaleTargetRef':{'apiVersion':'v1','kind':'Deployment','name':'d'}}} | spec.maxReplicas: Required value: must be set and greater than 0 && spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas` && spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group
                    horizontalpodautoscalers | {'spec':{'maxReplicas':1,'minReplicas':2,'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment'}}} | spec.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas` && spec.scaleTargetRef.name: Required value
                    poddisruptionbudgets | {'spec':{'minAvailable':1}}                             | ^^
                    poddisruptionbudgets | {'spec':{'minAvailable':'x'}}                           | spec.minAvailable: Invalid value: "x": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')
                    priorityclasses | {'value':2000000000}                                         | value: Forbidden: maximum allowed value of a user defined priority is 1000000000
                    priorityclasses | {'metadata':{'name':'system-x'},'value':1}                   | metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class
                    runtimeclasses | {'handler':'a_b'}                                             | handler: Invalid value: "a_b": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
                    resourcequotas | {'spec':{'hard':{'pods':'-1'}}}                               | spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0
                    resourcequotas | {'spec':{'hard':{'cpu':'1'},'scopes':['BestEffort']}}         | spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource
                    limitranges  | {'spec':{'limits':[{'type':'Container','max':{'cpu':'1'},'min':{'cpu':'2'}}]}} | spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1 && spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1 && spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1
                    endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['127.0.0.1']}]} | endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
                    endpointslices | {'endpoints':[]}                                              | addressType: Required value
                    """)
    void mistakes(String plural, String json, String expected) {
        ResourceType type = type(plural);
        String told =
                type.strategy().validate(made(type, json)).stream()
                        .map(FieldError::toString)
                        .sorted()
                        .collect(Collectors.joining(" && "));
        String sorted =
                java.util.Arrays.stream(expected.split(" && "))
                        .sorted()
                        .collect(Collectors.joining(" && "));
        assertThat(told).isEqualTo(sorted);
    }

    /** Older servers let such templates in; a change of something else must still be possible. */
    @Test
    void aStatefulSetWhoseTemplateWasWrongMayBeChanged() {
        String wrong =
                "{'spec':{'replicas':%d,'selector':{'matchLabels':{'a':'b'}},"
                        + "'template':{'metadata':{'labels':{'a':'b'}},'spec':{}}}}";
        ResourceType type = type("statefulsets");
        ObjectNode old = made(type, wrong.formatted(1));
        assertThat(type.strategy().validate(old)).isNotEmpty();
        assertThat(type.strategy().validate(made(type, wrong.formatted(2)), old)).isEmpty();
    }

    @Test
    void aDeploymentsLabelsAreNotItsStatus() {
        ResourceType type = type("deployments");
        ObjectNode old = made(type, "{'metadata':{'labels':{'a':'b'}},'spec':{SELECTED}}");
        ObjectNode sent = old.deepCopy();
        sent.withObject("/metadata/labels").put("c", "d");
        sent.withObject("/metadata/annotations").put("e", "f");
        sent.withObject("status").put("replicas", 1);
        type.strategy().prepareForStatusUpdate(sent, old);
        assertThat(Metadata.labels(sent)).containsOnlyKeys("a");
        assertThat(Metadata.annotation(sent, "e")).isEqualTo("f");
        assertThat(sent.at("/status/replicas").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "poddisruptionbudgets",
        "mutatingwebhookconfigurations",
        "validatingwebhookconfigurations"
    })
    void generationsAreCountedFromNothingOn(String plural) {
        assertThat(type(plural).strategy().desired(object("{}")).isMissingNode()).isFalse();
    }

    @Test
    void aJobsPodsAreToldByItsUniqueId() {
        ObjectNode job =
                made(
                        WorkloadTypes.JOBS,
                        "{'spec':{'template':{'spec':{'restartPolicy':'Never'}}}}");
        assertThat(
                        Trees.text(
                                job,
                                "spec",
                                "selector",
                                "matchLabels",
                                "batch.kubernetes.io/controller-uid"))
                .isEqualTo("u-1");
        assertThat(Metadata.label(job, "job-name")).isEqualTo("x");
        assertThat(Trees.at(job, "spec", "backoffLimit").asInt()).isEqualTo(6);
    }

    /** Also for a client that leaves out what has defaults. */
    @Test
    void aDaemonSetCountsTheChangesOfItsTemplate() {
        ObjectNode old = made(WorkloadTypes.DAEMON_SETS, "{'spec':{'template':TEMPLATE}}");
        ObjectNode plain = object("{'spec':{'template':TEMPLATE}}".replace("TEMPLATE", TEMPLATE));
        WorkloadTypes.DAEMON_SETS.strategy().prepareForUpdate(plain, old);
        String counter = "deprecated.daemonset.template.generation";
        assertThat(Metadata.annotation(plain, counter)).isEqualTo("1");
        ObjectNode other =
                object(
                        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'other'}]}}}}");
        WorkloadTypes.DAEMON_SETS.strategy().prepareForUpdate(other, old);
        assertThat(Metadata.annotation(other, counter)).isEqualTo("2");
    }

    @Test
    void aFinishedJobStaysFinished() {
        ObjectNode job = made(WorkloadTypes.JOBS, "{'spec':{'template':TEMPLATE}}");
        ObjectNode done = job.deepCopy();
        done.set(
                "status",
                object(
                        "{'startTime':'2026-01-01T00:00:00Z','completionTime':'2026-01-01T00:00:01Z',"
                            + "'succeeded':1,'conditions':["
                            + "{'type':'SuccessCriteriaMet','status':'True'},"
                            + "{'type':'Complete','status':'True'}]}"));
        assertThat(WorkloadTypes.JOBS.strategy().validateStatusUpdate(done, job)).isEmpty();
        assertThat(WorkloadTypes.JOBS.strategy().validateStatusUpdate(job, done))
                .extracting(FieldError::toString)
                .contains(
                        "status.conditions: Invalid value: cannot disable the terminal"
                                + " Complete=True condition",
                        "status.succeeded: Invalid value: 0: cannot decrease the succeeded"
                                + " counter");
    }
}
