package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in volumes, claims, limits, quotas, endpoints, events, pod templates, nodes. */
class CoreKindsRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'hostPath':{'path':'/data'} | ``
                    'hostPath':{'path':''} | spec.hostPath.path: Required value
                    'hostPath':{'path':'/a/../b'} | spec.hostPath.path: Invalid value: "/a/../b": must not contain '..'
                    'hostPath':{'path':'/a','type':'Pipe'} | spec.hostPath.type: Unsupported value: "Pipe": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"
                    'hostPath':{'path':'/a/..'},'persistentVolumeReclaimPolicy':'Recycle' | spec.hostPath.path: Invalid value: "/a/..": must not contain '..' && spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'
                    'persistentVolumeReclaimPolicy':'Keep','nfs':{'server':'s','path':'/'} | spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"
                    'nfs':{'path':'x'} | spec.nfs.server: Required value && spec.nfs.path: Invalid value: "x": must be an absolute path
                    'local':{'path':'/mnt'} | spec.nodeAffinity: Required value: Local volume requires node affinity
                    'local':{'path':'/mnt'},'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'In','values':['n']}]}]}} | ``
                    'local':{},'nodeAffinity':{} | spec.nodeAffinity.required: Required value: must specify required node constraints && spec.local.path: Required value && spec.nodeAffinity: Required value: Local volume requires node affinity
                    'nfs':{'server':'s','path':'/'},'nodeAffinity':{'required':{'nodeSelectorTerms':[]}} | spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term
                    'csi':{'driver':'d.com'} | spec.csi.volumeHandle: Required value
                    'csi':{'driver':'d_','volumeHandle':'h'} | spec.csi.driver: Invalid value: "d_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    'csi':{'driver':'d','volumeHandle':'h','nodePublishSecretRef':{'name':'s'}} | spec.csi.nodePublishSecretRef.namespace: Required value
                    'csi':{'driver':'d','volumeHandle':'h'},'volumeAttributesClassName':'' | spec.volumeAttributesClassName: Required value: an empty string is disallowed
                    'nfs':{'server':'s','path':'/'},'volumeAttributesClassName':'gold' | spec.csi: Required value: has to be specified when using volumeAttributesClassName
                    'nfs':{'server':'s','path':'/'},'cephfs':{},'iscsi':{} | spec.cephFS: Forbidden: may not specify more than 1 volume type && spec.iscsi: Forbidden: may not specify more than 1 volume type
                    'nfs':{'server':'s','path':'/'},'volumeMode':'Raw' | spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"
                    'nfs':{'server':'s','path':'/'},'storageClassName':'a_b' | spec.storageClassName: Invalid value: "a_b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    'nfs':{'server':'s','path':'/'},'accessModes':['ReadWriteOncePod','ReadOnlyMany'] | spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes
                    'nfs':{'server':'s','path':'/'},'capacity':{'storage':'0'} | spec.capacity[storage]: Invalid value: "0": must be greater than zero
                    'glusterfs':{'endpoints':'e','path':'p','endpointsNamespace':''} | spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name
                    'gcePersistentDisk':{'partition':256} | spec.persistentDisk.pdName: Required value && spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive
                    """)
    void volumes(String more, String errors) {
        String modes = more.contains("accessModes") ? "" : "'accessModes':['ReadWriteOnce'],";
        String capacity = more.contains("capacity") ? "" : "'capacity':{'storage':'1Gi'},";
        String json = "{'spec':{" + modes + capacity + more + "}}";
        assertThat(RuleTables.mistakes("persistentvolumes", json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'dataSource':{'kind':'PersistentVolumeClaim','name':'a'} | ``
                    'dataSource':{} | spec.dataSource.name: Required value && spec.dataSource.kind: Required value && spec.dataSource: Invalid value: "": must be 'PersistentVolumeClaim' when referencing the default apiGroup
                    'dataSource':{'kind':'VolumeSnapshot','name':'a'} | spec.dataSource: Invalid value: "VolumeSnapshot": must be 'PersistentVolumeClaim' when referencing the default apiGroup
                    'dataSourceRef':{'apiGroup':'snapshot.storage.k8s.io','kind':'VolumeSnapshot','name':'a','namespace':'B'} | spec.dataSourceRef.namespace: Invalid value: "B": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
                    'dataSource':{'kind':'PersistentVolumeClaim','name':'a'},'dataSourceRef':{'kind':'PersistentVolumeClaim','name':'b'} | spec: Invalid value: {}: must match dataSourceRef
                    'dataSource':{'kind':'PersistentVolumeClaim','name':'a'},'dataSourceRef':{'kind':'PersistentVolumeClaim','name':'a','namespace':'n'} | spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified
                    'selector':{'matchExpressions':[{'key':'a','operator':'Is'}]} | spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator
                    'volumeAttributesClassName':'a_' | spec.volumeAttributesClassName: Invalid value: "a_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    """)
    void claims(String more, String errors) {
        String json =
                "{'spec':{'accessModes':['ReadWriteOnce'],"
                        + "'resources':{'requests':{'storage':'1Gi'}},"
                        + more
                        + "}}";
        assertThat(RuleTables.mistakes("persistentvolumeclaims", json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'type':'Container','max':{'cpu':'2'},'min':{'cpu':'1'}} | ``
                    {'type':'Machine'} | spec.limits[0].type: Invalid value: "Machine": must be a standard limit type or fully qualified
                    {'type':'a.com/Machine','max':{'cpu':'1'}} | ``
                    {'type':'Pod','default':{'cpu':'1'},'defaultRequest':{'cpu':'1'}} | spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod' && spec.limits[0].defaultRequest: Forbidden: may not be specified when `type` is 'Pod'
                    {'type':'PersistentVolumeClaim'} | spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided
                    {'type':'Container','max':{'storage':'1'}} | spec.limits[0].max[storage]: Invalid value: "storage": must be a standard resource for containers && spec.limits[0].default[storage]: Invalid value: "storage": must be a standard resource for containers && spec.limits[0].defaultRequest[storage]: Invalid value: "storage": must be a standard resource for containers
                    {'type':'Pod','max':{'cpu':'1'},'min':{'cpu':'2'}} | spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1
                    {'type':'Container','max':{'cpu':'2'},'min':{'cpu':'1'},'default':{'cpu':'3'},'defaultRequest':{'cpu':'500m'}} | spec.limits[0].defaultRequest[cpu]: Invalid value: "500m": min value 1 is greater than default request value 500m && spec.limits[0].default[cpu]: Invalid value: "2": default value 3 is greater than max value 2
                    {'type':'Container','default':{'cpu':'1'},'defaultRequest':{'cpu':'2'}} | spec.limits[0].defaultRequest[cpu]: Invalid value: "2": default request value 2 is greater than default limit value 1
                    {'type':'Container','maxLimitRequestRatio':{'cpu':'500m'}} | spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1
                    {'type':'Pod','min':{'cpu':'1'},'max':{'cpu':'2'},'maxLimitRequestRatio':{'cpu':'10'}} | spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "10": ratio 10 is greater than max/min = 2.000000
                    {'type':'Container','default':{'a.com/gpu':'2'},'defaultRequest':{'a.com/gpu':'1'}} | spec.limits[0].defaultRequest[a.com/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.com/gpu
                    {'type':'Pod'},{'type':'Pod'} | spec.limits[1].type: Duplicate value: "Pod"
                    """)
    void limits(String limits, String errors) {
        assertThat(RuleTables.mistakes("limitranges", "{'spec':{'limits':[" + limits + "]}}"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    'hard':{'pods':'1','requests.cpu':'2','a.com/gpu':'1','count/deployments.apps':'3'} | ``
                    'hard':{'wishes':'3'} | spec.hard[wishes]: Invalid value: "wishes": must be a standard resource type or fully qualified && spec.hard[wishes]: Invalid value: "wishes": must be a standard resource for quota
                    'hard':{'storage':'3'} | spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota
                    'hard':{'pods':'-1'} | spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0
                    'hard':{'pods':'1500m'} | spec.hard[pods]: Invalid value: "1500m": must be an integer
                    'scopes':['Sleeping'] | spec.scopes: Invalid value: ["Sleeping"]: unsupported scope
                    'hard':{'cpu':'1'},'scopes':['BestEffort'] | spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource
                    'scopes':['BestEffort','NotBestEffort'] | spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes
                    'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In'}]} | spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector
                    'scopeSelector':{'matchExpressions':[{'scopeName':'BestEffort','operator':'In','values':['a']}]} | spec.scopeSelector.matchExpressions.operator: Invalid value: "In": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity
                    'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'Exists','values':['a']}]} | spec.scopeSelector.matchExpressions.values: Invalid value: ["a"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector
                    'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'Is'}]} | spec.scopeSelector.matchExpressions.operator: Invalid value: "Is": not a valid selector operator
                    """)
    void quotas(String spec, String errors) {
        assertThat(RuleTables.mistakes("resourcequotas", "{'spec':{" + spec + "}}"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    {'addresses':[{'ip':'10.0.0.1'}],'ports':[{'port':80}]} | ``
                    {} | subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`
                    {'addresses':[{'ip':'x'}]} | subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff) && subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address
                    {'addresses':[{'ip':'10.0.0.1','hostname':'A','nodeName':'n!'}]} | subsets[0].addresses[0].hostname: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?') && subsets[0].addresses[0].nodeName: Invalid value: "n!": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    {'addresses':[{'ip':'0.0.0.0'}]} | subsets[0].addresses[0].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)
                    {'addresses':[{'ip':'127.0.0.1'}]} | subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
                    {'addresses':[{'ip':'169.254.169.254'}]} | subsets[0].addresses[0].ip: Invalid value: "169.254.169.254": may not be in the link-local range (169.254.0.0/16, fe80::/10)
                    {'notReadyAddresses':[{'ip':'224.0.0.1'}]} | subsets[0].notReadyAddresses[0].ip: Invalid value: "224.0.0.1": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)
                    {'addresses':[{'ip':'10.0.0.1'}],'ports':[{'port':1},{'port':2,'name':'b'}]} | subsets[0].ports[0].name: Required value
                    {'addresses':[{'ip':'10.0.0.1'}],'ports':[{'port':0,'protocol':'HTTP'}]} | subsets[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive && subsets[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"
                    """)
    void endpoints(String subset, String errors) {
        assertThat(RuleTables.mistakes("endpoints", "{'subsets':[" + subset + "]}"))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    nodes  | {'spec':{'podCIDRs':['10.0.0.0/24','fd00::/64']}} | ``
                    nodes  | {'spec':{'podCIDRs':['x']}} | spec.podCIDRs[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
                    nodes  | {'spec':{'podCIDRs':['10.0.0.0/24','10.0.0.0/24']}} | spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.0.0/24"]: may specify no more than one CIDR for each IP family && spec.podCIDRs[1]: Duplicate value: "10.0.0.0/24"
                    nodes  | {'spec':{'taints':[{'key':'a','effect':'NoExecute'},{'key':'a','effect':'NoExecute'}]}} | metadata.taints[1]: Duplicate value: {"key":"a","effect":"NoExecute"}: taints must be unique by key and effect pair
                    nodes  | {'status':{'capacity':{'pods':'1500m'}}} | status.capacity.pods: Invalid value: "1500m": must be an integer && status.allocatable.pods: Invalid value: "1500m": must be an integer
                    nodes  | {'status':{'allocatable':{'cpu':'-1'}}} | status.allocatable.cpu: Invalid value: "-1": must be greater than or equal to 0
                    podtemplates | {'template':{'spec':{}}} | template.spec.containers: Required value
                    podtemplates | {'template':{'metadata':{'labels':{'a':'b c'}},'spec':{'containers':[{'name':'c','image':'i'}]}}} | template.labels: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
                    podtemplates | {'template':{'spec':{'containers':[{'name':'c','image':'i'}],'ephemeralContainers':[{'name':'e','image':'i'}]}}} | template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template
                    """)
    void nodesAndTemplates(String plural, String json, String errors) {
        assertThat(RuleTables.mistakes(plural, json)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    Event | {'involvedObject':{'namespace':'web'}} | ``
                    Event | {'involvedObject':{}} | involvedObject.namespace: Invalid value: "": does not match event.namespace
                    Event | {'metadata':{'namespace':'kube-system'},'involvedObject':{}} | involvedObject.namespace: Invalid value: "": does not match event.namespace
                    Event | {'involvedObject':{'namespace':'web'},'eventTime':'2026-01-01T00:00:00.000000Z'} | reportingController: Required value && reportingController: Invalid value: "": name part must be non-empty && reportingController: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') && reportingInstance: Required value && action: Required value && reason: Required value
                    Event | {'metadata':{'namespace':'kube-system'},'involvedObject':{},'eventTime':'2026-01-01T00:00:00.000000Z','reportingComponent':'a','reportingInstance':'b','action':'c','reason':'d'} | ``
                    New   | {'regarding':{'namespace':'web'},'eventTime':'2026-01-01T00:00:00.000000Z','reportingController':'a','reportingInstance':'b','action':'c','reason':'d','type':'Normal'} | ``
                    New   | {'regarding':{'namespace':'web'},'type':'Bad','series':{'count':1},'deprecatedCount':1,'deprecatedSource':{'component':'c'}} | series.count: Invalid value: "": should be at least 2 && series.lastObservedTime: Required value && eventTime: Required value && type: Invalid value: "": has invalid value: Bad && count: Invalid value: "": needs to be unset && source: Invalid value: "": needs to be unset
                    """)
    void events(String form, String json, String errors) {
        assertThat(
                        RuleTables.mistakes(
                                form.equals("New") ? BuiltinTypes.EVENTS_V1 : BuiltinTypes.EVENTS,
                                json))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    persistentvolumes | {'spec':{'csi':{'driver':'a'}}} | {'spec':{'csi':{'driver':'a','controllerExpandSecretRef':{'name':'s','namespace':'n'}}}} | ``
                    persistentvolumes | {'spec':{'volumeMode':'Block'}} | {'spec':{}} | volumeMode: Invalid value: "Filesystem": field is immutable
                    persistentvolumes | {'spec':{'nodeAffinity':{'required':{'nodeSelectorTerms':[{}]}}}} | {'spec':{}} | nodeAffinity: Invalid value: null: field is immutable
                    persistentvolumes | {'spec':{'csi':{},'volumeAttributesClassName':'a'}} | {'spec':{'csi':{}}} | spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden
                    persistentvolumeclaims | {'spec':{'volumeAttributesClassName':'a'},'status':{'phase':'Bound'}} | {'spec':{'volumeAttributesClassName':''}} | spec.volumeAttributesClassName: Forbidden: update from non-nil value to an empty string is forbidden
                    persistentvolumeclaims | {'spec':{'volumeMode':'Block'}} | {'spec':{'volumeMode':'Filesystem'}} | spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims && volumeMode: Invalid value: "Filesystem": field is immutable
                    resourcequotas | {'spec':{'scopes':['BestEffort']}} | {'spec':{}} | spec.scopes: Invalid value: null: field is immutable
                    nodes | {'spec':{'podCIDRs':['10.0.0.0/24']}} | {'spec':{}} | spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid
                    nodes | {} | {'spec':{'podCIDRs':['10.0.0.0/24'],'providerID':'a'}} | ``
                    nodes | {} | {'status':{'addresses':[{'type':'InternalIP','address':'a'},{'type':'InternalIP','address':'a'}]}} | status.addresses[1]: Duplicate value: {"Type":"InternalIP","Address":"a"}
                    """)
    void changes(String plural, String before, String after, String errors) {
        assertThat(RuleTables.changes(plural, before, after)).isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    persistentvolumeclaims | {'capacity':{'storage':'-1'}} | status.capacity[storage]: Invalid value: -1: must be a valid resource quantity
                    persistentvolumeclaims | {'allocatedResourceStatuses':{'storage':'Growing'},'allocatedResources':{'cpu':'1'}} | status.allocatedResourceStatus: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending" && status.allocatedResources: Unsupported value: "cpu": supported values: "storage"
                    resourcequotas | {'hard':{'pods':'-1'}} | status.hard[pods]: Invalid value: "-1": must be greater than or equal to 0
                    nodes          | {'capacity':{'pods':'-1'}} | status.capacity.pods: Invalid value: "-1": must be greater than or equal to 0 && status.allocatable.pods: Invalid value: "-1": must be greater than or equal to 0
                    """)
    void statuses(String plural, String status, String errors) {
        String spec = "'spec':{'accessModes':['ReadWriteOnce']}";
        assertThat(
                        RuleTables.statusMistakes(
                                plural, "{" + spec + "}", "{" + spec + ",'status':" + status + "}"))
                .isEqualTo(errors);
    }
}
