package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Strategy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** The mistakes that users make in pods, and how they are told. */
class PodRulesTest {

    private static final Strategy STRATEGY = BuiltinTypes.PODS.strategy();
    private static final String CONTAINER = "'name':'c','image':'busybox'";

    private static ObjectNode pod(String spec) {
        ObjectNode pod = object("{'metadata':{'name':'p','namespace':'n'},'spec':{" + spec + "}}");
        STRATEGY.applyDefaults(pod);
        return pod;
    }

    private static String told(List<FieldError> errors) {
        return errors.stream().map(FieldError::toString).collect(Collectors.joining(" && "));
    }

    private static String mistakes(String spec) {
        return told(STRATEGY.validate(pod(spec)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    'env':[{'name':'A','value':'1'},{'name':'A','value':'2'}]        | ^^
                    'env':[{'name':''}]                                              | .env[0].name: Required value
                    'env':[{'name':'A=B'}]                                           | .env[0].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='
                    'env':[{'name':'A','valueFrom':{}}]                              | .env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`
                    'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}] | ^^
                    'env':[{'name':'A','value':'x','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}] | .env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty
                    'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'},'secretKeyRef':{'name':'s','key':'k'}}}] | .env[0].valueFrom: Invalid value: "": may not have more than one field specified at a time
                    'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'status.phase'}}}] | .env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"
                    'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'spec.x'}}}] | .env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: field label not supported: spec.x
                    'env':[{'name':'A','valueFrom':{'secretKeyRef':{'name':'s'}}}]   | .env[0].valueFrom.secretKeyRef.key: Required value
                    'env':[{'name':'A','valueFrom':{'fieldRef':{'apiVersion':'v2','fieldPath':'spec.x'}}}] | .env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: unsupported pod version: v2
                    'env':[{'name':'A','valueFrom':{'fileKeyRef':{'volumeName':'v','path':'/p','key':'k'}}}] | .env[0].valueFrom.fileKeyRef.volumeName: Not found: "v"
                    'envFrom':[{'configMapRef':{'name':'m'}},{'secretRef':{'name':'s'}}] | ^^
                    'envFrom':[{}]                                                   | .envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`
                    'envFrom':[{'configMapRef':{}}]                                  | .envFrom[0].configMapRef.name: Required value
                    'ports':[{'containerPort':80,'name':'http'},{'containerPort':81,'name':'http'}] | .ports[1].name: Duplicate value: "http"
                    'ports':[{'containerPort':80,'name':'HTTP'}]                     | .ports[0].name: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-) && .ports[0].name: Invalid value: "HTTP": must contain at least one letter (a-z)
                    'ports':[{'containerPort':80,'protocol':'HTTP'}]                 | .ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"
                    'ports':[{}]                                                     | .ports[0].containerPort: Required value
                    'readinessProbe':{'httpGet':{'port':'http'}}                     | ^^
                    'livenessProbe':{}                                               | .livenessProbe: Required value: must specify a handler type
                    'livenessProbe':{'exec':{'command':['a']},'tcpSocket':{'port':1}} | .livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type
                    'livenessProbe':{'exec':{}}                                      | .livenessProbe.exec.command: Required value
                    'livenessProbe':{'tcpSocket':{'port':0}}                         | .livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive
                    'livenessProbe':{'httpGet':{'port':80,'scheme':'http'}}          | .livenessProbe.httpGet.scheme: Unsupported value: "http": supported values: "HTTP", "HTTPS"
                    'livenessProbe':{'httpGet':{'port':80,'httpHeaders':[{'name':'a b','value':''}]}} | .livenessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')
                    'livenessProbe':{'grpc':{'port':1},'successThreshold':2}         | .livenessProbe.successThreshold: Invalid value: 2: must be 1
                    'readinessProbe':{'tcpSocket':{'port':1},'successThreshold':2}   | ^^
                    'readinessProbe':{'tcpSocket':{'port':1},'periodSeconds':-1}     | .readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0
                    'readinessProbe':{'tcpSocket':{'port':1},'terminationGracePeriodSeconds':5} | .readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes
                    'lifecycle':{'preStop':{'exec':{'command':['a']}}}               | ^^
                    'lifecycle':{'preStop':{}}                                       | .lifecycle.preStop: Required value: must specify a handler type
                    'lifecycle':{'preStop':{'sleep':{'seconds':31}}}                 | .lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)
                    'lifecycle':{'postStart':{'exec':{'command':['a']},'httpGet':{'port':1}}} | .lifecycle.postStart.httpGet: Forbidden: may not specify more than 1 handler type
                    'restartPolicy':'Soon'                                         | .restartPolicy: Unsupported value: "Soon": supported values: "Always", "Never", "OnFailure"
                    'terminationMessagePolicy':'Log'                                 | .terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"
                    'image':' a'                                                     | .image: Invalid value: " a": must not have leading or trailing whitespace
                    'resources':{'requests':{'gpu':'1'}}                             | .resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified && spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers
                    """)
    void containers(String container, String errors) {
        String field = "spec.containers[0]";
        String expected =
                errors.isEmpty() ? "" : field + errors.replace(" && .", " && " + field + ".");
        ObjectNode pod = pod("'containers':[{" + CONTAINER + "," + container + "}]");
        assertThat(told(STRATEGY.validate(pod))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            value = {"metadata.labels['app'],true", "metadata.name['app'],false"})
    void labelsAndAnnotationsAreNamedBySubscript(String path, boolean good) {
        ObjectNode pod =
                pod(
                        "'containers':[{"
                                + CONTAINER
                                + ",'env':[{'name':'A','valueFrom':{'fieldRef':{}}}]}]");
        JsonNode variable = pod.path("spec").path("containers").path(0).path("env").path(0);
        variable.withObject("/valueFrom/fieldRef").put("fieldPath", path);
        assertThat(STRATEGY.validate(pod).isEmpty()).isEqualTo(good);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    'restartPolicy':'Always','readinessProbe':{'tcpSocket':{'port':1}}     | ^^
                    'restartPolicy':'Soon'                  | spec.initContainers[0].restartPolicy: Unsupported value: "Soon": supported values: "Always", "Never", "OnFailure"
                    'readinessProbe':{'tcpSocket':{'port':1}}    | spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always
                    'lifecycle':{}                               | spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always
                    'name':'c'                                   | spec.initContainers[0].name: Duplicate value: "c"
                    """)
    void initContainers(String container, String errors) {
        String name = container.contains("'name'") ? "" : "'name':'i',";
        assertThat(
                        mistakes(
                                "'containers':[{"
                                        + CONTAINER
                                        + "}],'initContainers':[{'image':'x',"
                                        + name
                                        + container
                                        + "}]"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    'volumes':[{'name':'v'},{'name':'w','configMap':{'name':'m','items':[{'key':'k','path':'a/b'}]}}] | ^^
                    'volumes':[{'name':'v'},{'name':'v'}]                       | spec.volumes[1].name: Duplicate value: "v"
                    'volumes':[{'name':'v','emptyDir':{},'secret':{'secretName':'s'}}] | spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type
                    'volumes':[{'name':'v','secret':{}}]                        | spec.volumes[0].secret.secretName: Required value
                    'volumes':[{'name':'v','configMap':{}}]                     | spec.volumes[0].configMap.name: Required value
                    'volumes':[{'name':'v','persistentVolumeClaim':{}}]         | spec.volumes[0].persistentVolumeClaim.claimName: Required value
                    'volumes':[{'name':'v','configMap':{'name':'m','defaultMode':512}}] | spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive
                    'volumes':[{'name':'v','secret':{'secretName':'s','items':[{'key':'k','path':'../x'}]}}] | spec.volumes[0].secret.items[0].path: Invalid value: "../x": must not contain '..'
                    'activeDeadlineSeconds':0                                   | spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive
                    'terminationGracePeriodSeconds':-1                          | ^^
                    'volumes':[{'name':'v','emptyDir':{},'cephfs':{},'downwardAPI':{}}] | spec.volumes[0].cephFS: Forbidden: may not specify more than 1 volume type && spec.volumes[0].downwarAPI: Forbidden: may not specify more than 1 volume type
                    'volumes':[{'name':'v','csi':{'driver':'d','nodePublishSecretRef':{'name':'_'}}}] | spec.volumes[0].csi.name: Invalid value: "_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    'volumes':[{'name':'v','quobyte':{'registry':'a:1,b'}}]     | spec.volumes[0].quobyte.volume: Required value && spec.volumes[0].quobyte.registry: Invalid value: "a:1,b": must be a host:port pair or multiple pairs separated by commas
                    'volumes':[{'cephfs':{'monitors':['m']}}]                   | spec.volumes[0].name: Required value
                    'volumes':[{'name':'v','storageos':{}}]                     | spec.volumes[0].storageos.volumeName: Required value
                    'volumes':[{'name':'v','image':{}}]                         | spec.volumes[0].image.reference: Required value
                    'volumes':[{'name':'v','ephemeral':{'volumeClaimTemplate':{'metadata':{'name':'n','uid':'u','labels':{'a':'b'}},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1'}}}}}}] | spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set && spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.uID: Forbidden: cannot be set
                    'hostnameOverride':'h','setHostnameAsFQDN':true,'hostNetwork':true | spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true && spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true
                    'resourceClaims':[{'name':'c'}]                             | spec.resourceClaims[0]: Invalid value: {"Name":"c","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`
                    'os':{'name':'plan9'}                                       | spec.os: Unsupported value: "plan9": supported values: "linux", "windows"
                    'securityContext':{'seLinuxChangePolicy':'MountOption'}     | spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"
                    'securityContext':{'seccompProfile':{'type':'Unconfined','localhostProfile':'p'}} | spec.securityContext.seccompProfile.localhostProfile: Invalid value: {"Type":"Unconfined","LocalhostProfile":"p"}: can only be set when seccomp type is Localhost
                    'resources':{'limits':{'a.com/b':'1'},'requests':{'a.com/b':'1'}} | spec.resources.limits[a.com/b]: Unsupported value: "a.com/b": supported values: "cpu", "hugepages-", "memory" && spec.resources.requests[a.com/b]: Unsupported value: "a.com/b": supported values: "cpu", "hugepages-", "memory"
                    'terminationGracePeriodSeconds':0                           | ^^
                    'hostAliases':[{'ip':'10.0.0.1','hostnames':['a.b']},{'ip':'fd00::1'}] | ^^
                    'hostAliases':[{'ip':'10.0.0'}]                             | spec.hostAliases[0].ip: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
                    'hostAliases':[{'ip':'fe80::1%eth0'}]                       | spec.hostAliases[0].ip: Invalid value: "fe80::1%eth0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
                    'dnsPolicy':'Never'                                         | spec.dnsPolicy: Unsupported value: "Never": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"
                    'dnsPolicy':'None'                                          | spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None
                    'dnsPolicy':'None','dnsConfig':{}                           | spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None
                    'dnsPolicy':'None','dnsConfig':{'nameservers':['1.1.1.1'],'searches':['a.b.','_c.d','.'],'options':[{'name':'ndots','value':'2'}]} | ^^
                    'dnsConfig':{'nameservers':['1.1.1.1','2.2.2.2','3.3.3.3','4.4.4.4']} | spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","2.2.2.2","3.3.3.3","4.4.4.4"]: must not have more than 3 nameservers
                    'dnsConfig':{'options':[{'value':'2'}]}                     | spec.dnsConfig.options[0]: Required value: must not be empty
                    'tolerations':[{'operator':'Exists'},{'key':'a','value':'b','effect':'NoSchedule'}] | ^^
                    'tolerations':[{'value':'b'}]                               | spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"
                    'tolerations':[{'key':'a','operator':'Exists','value':'b'}] | spec.tolerations[0].operator: Invalid value: "b": value must be empty when `operator` is 'Exists'
                    'tolerations':[{'key':'a','operator':'In'}]                 | spec.tolerations[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"
                    'tolerations':[{'key':'a','effect':'Never'}]                | spec.tolerations[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"
                    'tolerations':[{'key':'a','tolerationSeconds':5}]           | spec.tolerations[0].effect: Invalid value: "": effect must be 'NoExecute' when `tolerationSeconds` is set
                    'nodeSelector':{'a':'b c'}                                  | spec.nodeSelector: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
                    'hostname':'a.b'                                            | spec.hostname: Invalid value: "a.b": must not contain dots
                    """)
    void wholePods(String spec, String errors) {
        assertThat(mistakes("'containers':[{" + CONTAINER + "}]," + spec)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    {'key':'a','effect':'NoExecute','tolerationSeconds':9}              | ^^
                    {'key':'b'},{'key':'a','effect':'NoExecute','tolerationSeconds':5}  | ^^
                    {'key':'b'}                                                         | spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds
                    """)
    void tolerationsOfARunningPodAreOnlyAddedTo(String tolerations, String errors) {
        String spec = "'containers':[{" + CONTAINER + "}],'tolerations':[%s]";
        ObjectNode old =
                pod(spec.formatted("{'key':'a','effect':'NoExecute','tolerationSeconds':5}"));
        assertThat(told(STRATEGY.validateUpdate(pod(spec.formatted(tolerations)), old)))
                .isEqualTo(errors);
    }
}
