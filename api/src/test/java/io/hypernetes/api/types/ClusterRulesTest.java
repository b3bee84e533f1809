package io.hypernetes.api.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

/** Mistakes in networking, storage, flow control, discovery, leases, budgets, API services. */
class ClusterRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    ingresses | {'spec':{}}                                                  | spec: Invalid value: null: either `defaultBackend` or `rules` must be specified
                    ingresses | {'spec':{'defaultBackend':{}}}                               | spec.defaultBackend: Invalid value: "": resource or service backend is required
                    ingresses | {'spec':{'defaultBackend':{'service':{'name':'a'}}}}         | spec.defaultBackend: Required value: port name or number is required
                    ingresses | {'spec':{'defaultBackend':{'service':{'name':'a','port':{'name':'p','number':80}}}}} | spec.defaultBackend: Invalid value: "": cannot set both port name & port number
                    ingresses | {'spec':{'defaultBackend':{'service':{'name':'a','port':{'number':80}},'resource':{'kind':'K','name':'n'}}}} | spec.defaultBackend: Invalid value: "": cannot set both resource and service backends
                    ingresses | {'spec':{'defaultBackend':{'resource':{'kind':'','name':'a/b'}}}} | spec.defaultBackend.resource.kind: Required value && spec.defaultBackend.resource.name: Invalid value: "a/b": may not contain '/'
                    ingresses | {'spec':{'rules':[{'host':'1.2.3.4'}]}}                      | spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address
                    ingresses | {'spec':{'rules':[{'http':{'paths':[]}}]}}                   | spec.rules[0].http.paths: Required value
                    ingresses | {'spec':{'rules':[{'http':{'paths':[{'path':'a','pathType':'Exact','backend':{'service':{'name':'a','port':{'number':80}}}}]}}]}} | spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path
                    ingresses | {'spec':{'rules':[{'http':{'paths':[{'path':'/a//b/..','pathType':'Prefix','backend':{'service':{'name':'a','port':{'number':80}}}}]}}]}} | spec.rules[0].http.paths[0].path: Invalid value: "/a//b/..": must not contain '//' && spec.rules[0].http.paths[0].path: Invalid value: "/a//b/..": cannot end with '/..'
                    ingresses | {'spec':{'rules':[{'http':{'paths':[{'path':'/','backend':{'service':{'name':'a','port':{'number':80}}}}]}}]}} | spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified
                    ingresses | {'spec':{'rules':[{'http':{'paths':[{'path':'/','pathType':'Regex','backend':{'service':{'name':'a','port':{'number':80}}}}]}}]}} | spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"
                    ingressclasses | {'spec':{}}                                             | spec.controller: Required value
                    ingressclasses | {'spec':{'controller':'a.b/c','parameters':{'kind':'K','name':'n','scope':'Namespace'}}} | spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'
                    ingressclasses | {'spec':{'controller':'a.b/c','parameters':{'kind':'K','name':'n','namespace':'a'}}} | spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'
                    networkpolicies | {'spec':{'ingress':[{'ports':[{'port':80,'endPort':79}]}]}} | spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`
                    networkpolicies | {'spec':{'ingress':[{'ports':[{'port':'web','endPort':80}]}]}} | spec.ingress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is non-numeric
                    networkpolicies | {'spec':{'ingress':[{'ports':[{'endPort':80}]}]}}      | spec.ingress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is not specified
                    networkpolicies | {'spec':{'egress':[{'to':[{}]}]}}                      | spec.egress[0].to[0]: Required value: must specify a peer
                    networkpolicies | {'spec':{'egress':[{'to':[{'podSelector':{},'ipBlock':{'cidr':'10.0.0.0/8'}}]}]}} | spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer
                    networkpolicies | {'spec':{'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['11.0.0.0/16']}}]}]}} | spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`
                    networkpolicies | {'spec':{'egress':[{'to':[{'ipBlock':{}}]}]}}          | spec.egress[0].to[0].ipBlock.cidr: Required value
                    networkpolicies | {'spec':{'policyTypes':['Both']}}                      | spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"
                    ipaddresses | {'metadata':{'name':'10.0.0.1'},'spec':{}}                 | spec.parentRef: Required value
                    ipaddresses | {'metadata':{'name':'10.0.0.1'},'spec':{'parentRef':{'name':'a'}}} | spec.parentRef.resource: Required value
                    servicecidrs | {'spec':{}}                                               | spec.cidrs: Required value: at least one CIDR required
                    servicecidrs | {'spec':{'cidrs':['10.0.0.0/8','11.0.0.0/8']}}            | spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64
                    servicecidrs | {'spec':{'cidrs':['10.0.0.1/8']}}                         | spec.cidrs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length
                    """)
    void networking(String plural, String json, String errors) {
        mistakes(plural, json, errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    storageclasses | {'provisioner':'a','parameters':{'':'x'}}               | parameters: Invalid value: "": field can not be empty.
                    storageclasses | {'provisioner':'a','volumeBindingMode':'Later'}         | volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"
                    storageclasses | {'provisioner':'a','allowedTopologies':[{'matchLabelExpressions':[{'key':'z'},{'key':'z','values':['a','a']}]}]} | allowedTopologies[0].matchLabelExpressions[0].values: Required value && allowedTopologies[0].matchLabelExpressions[1].values[1]: Duplicate value: "a" && allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "z"
                    csidrivers | {'spec':{}}                                                 | ``
                    csidrivers | {'metadata':{'name':'a-name-that-is-longer-than-the-sixty-three-characters-of-a-dns-label.example.com'}} | ``
                    csidrivers | {'spec':{'fsGroupPolicy':'Any','volumeLifecycleModes':['Persistent','Long']}} | spec.fsGroupPolicy: Unsupported value: "Any": supported values: "File", "None", "ReadWriteOnceWithFSType" && spec.volumeLifecycleModes: Unsupported value: "Long": supported values: "Persistent", "Ephemeral"
                    csidrivers | {'spec':{'tokenRequests':[{'audience':'a','expirationSeconds':1},{'audience':'a','expirationSeconds':1}]}} | spec.tokenRequests[0].expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes && spec.tokenRequests[1].audience: Duplicate value: "a"
                    csidrivers | {'spec':{'nodeAllocatableUpdatePeriodSeconds':9}}           | spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds
                    csinodes | {'spec':{'drivers':[{'name':'a'},{'name':'a','nodeID':'n'}]}}  | spec.drivers[0].nodeID: Required value && spec.drivers[1].name: Duplicate value: "a"
                    csinodes | {'spec':{'drivers':[{'name':'a','nodeID':'n','topologyKeys':['z','z'],'allocatable':{'count':-1}}]}} | spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0 && spec.drivers[0]: Duplicate value: "z"
                    volumeattachments | {'spec':{'nodeName':'n'}}                            | spec.attacher: Required value && spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName
                    volumeattachments | {'spec':{'attacher':'a','nodeName':'N','source':{'persistentVolumeName':''}}} | spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName && spec.source.persistentVolumeName: Invalid value: "": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*') && spec.nodeName: Invalid value: "N": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
                    volumeattachments | {'spec':{'attacher':'a','nodeName':'n','source':{'persistentVolumeName':'p'}},'status':{'attachError':{'errorCode':-1}}} | status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive
                    volumeattributesclasses | {}                                             | driverName: Required value && parameters: Required value: must contain at least one key/value pair
                    csistoragecapacities | {'storageClassName':'c','capacity':'-1'}          | capacity: Invalid value: "-1": must be greater than or equal to 0
                    """)
    void storage(String plural, String json, String errors) {
        mistakes(plural, json, errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    flowschemas | {'spec':{'matchingPrecedence':1}}                          | spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1 && spec.priorityLevelConfiguration.name: Required value: must reference a priority level
                    flowschemas | {'spec':{'matchingPrecedence':10001,'priorityLevelConfiguration':{'name':'p'},'distinguisherMethod':{'type':'ByMood'}}} | spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000 && spec.distinguisherMethod.type: Unsupported value: {"Type":"ByMood"}: supported values: "ByNamespace", "ByUser"
                    flowschemas | {'spec':{'priorityLevelConfiguration':{'name':'p'},'rules':[{}]}} | spec.rules[0].subjects: Required value: subjects must contain at least one value && spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty
                    flowschemas | {'spec':{'priorityLevelConfiguration':{'name':'p'},'rules':[{'subjects':[{'kind':'User','group':{'name':'g'}}],'nonResourceRules':[{'verbs':['eat'],'nonResourceURLs':['a','/a//b']}]}]}} | spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User' && spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group' && spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["eat"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch" && spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "a": must start with slash && spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a//b": must not contain double slash
                    flowschemas | {'spec':{'priorityLevelConfiguration':{'name':'p'},'rules':[{'subjects':[{'kind':'Group','group':{'name':'g'}}],'resourceRules':[{'verbs':['*','get'],'apiGroups':['*'],'resources':['*']}]}]}} | spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs && spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace
                    prioritylevelconfigurations | {'spec':{'type':'Exempt'}}                 | spec.type: Invalid value: "Exempt": type must be 'Exempt' if and only if name is 'exempt'
                    prioritylevelconfigurations | {'spec':{'type':'Limited'}}                | spec.limited: Required value: must not be empty when type is Limited
                    prioritylevelconfigurations | {'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Reject','queuing':{}}}}} | spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited
                    prioritylevelconfigurations | {'spec':{'type':'Limited','limited':{'limitResponse':{'type':'Queue','queuing':{'queues':4,'handSize':5}}}}} | spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)
                    endpointslices | {'endpoints':[{}]}                                      | addressType: Required value && endpoints[0].addresses: Required value: must contain at least 1 address
                    endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['x','127.0.0.1']}]} | endpoints[0].addresses[0]: Invalid value: "x": must be a valid IPv4 address && endpoints[0].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
                    endpointslices | {'addressType':'IPv4','ports':[{'port':1},{'port':2}]}   | ports[1].name: Duplicate value: ""
                    endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1'],'hints':{'forZones':[{'name':'a'},{'name':'a'}]}}]} | endpoints[0].hints.forZones[1].name: Duplicate value: "a"
                    leases | {'spec':{'strategy':'Newest'}}                                  | spec.strategy.strategy: Unsupported value: "Newest": supported values: "OldestEmulationVersion"
                    leases | {'spec':{'preferredHolder':'me'}}                               | spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined
                    poddisruptionbudgets | {'spec':{'minAvailable':-1}}                      | spec.minAvailable: Invalid value: -1: must be greater than or equal to 0
                    poddisruptionbudgets | {'spec':{'maxUnavailable':'101%'}}                | spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%
                    poddisruptionbudgets | {'spec':{'unhealthyPodEvictionPolicy':'Never'}}   | spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"
                    priorityclasses | {'value':1,'preemptionPolicy':'Always'}                | preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"
                    runtimeclasses | {'handler':'A'}                                         | handler: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
                    apiservices | {'metadata':{'name':'v1.a.b'},'spec':{'group':'a.c','version':'v1','groupPriorityMinimum':1,'versionPriority':1}} | metadata.name: Invalid value: "v1.a.b": must be `spec.version+"."+spec.group`: "v1.a.c"
                    apiservices | {'metadata':{'name':'v2.'},'spec':{'version':'v2','groupPriorityMinimum':0,'versionPriority':1001,'insecureSkipTLSVerify':true}} | spec.group: Required value: only v1 may have an empty group and it better be legacy kube && spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000 && spec.versionPriority: Invalid value: 1001: must be positive and less than 1000 && spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify
                    """)
    void others(String plural, String json, String errors) {
        mistakes(plural, json, errors);
    }

    private static void mistakes(String plural, String json, String errors) {
        ResourceType type = RuleTables.type(plural);
        assertThat(RuleTables.told(type.strategy().validate(RuleTables.stored(type, json))))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    ingressclasses    | {'spec':{'controller':'a.b/c'}}       | {'spec':{'controller':'a.b/d'}}       | spec.controller: Invalid value: "a.b/d": field is immutable
                    ipaddresses       | {'spec':{'parentRef':{'name':'a'}}}   | {'spec':{'parentRef':{'name':'b'}}}   | spec.parentRef: Invalid value: {"name":"b"}: field is immutable
                    servicecidrs      | {'spec':{'cidrs':['10.0.0.0/8']}}     | {'spec':{'cidrs':['11.0.0.0/8']}}     | spec.cidrs[0]: Invalid value: "11.0.0.0/8": field is immutable
                    servicecidrs      | {'spec':{'cidrs':['10.0.0.0/8']}}     | {'spec':{'cidrs':['10.0.0.0/8','fd00::/64']}} | ``
                    csidrivers        | {'spec':{'attachRequired':true}}      | {'spec':{'attachRequired':false}}     | spec.attachedRequired: Invalid value: false: field is immutable
                    csinodes          | {'spec':{'drivers':[{'name':'a','nodeID':'1'}]}} | {'spec':{'drivers':[{'name':'a','nodeID':'2'}]}} | spec.drivers: Invalid value: {"name":"a","nodeID":"2"}: field is immutable
                    volumeattachments | {'spec':{'attacher':'a'}}             | {'spec':{'attacher':'b'}}             | spec: Invalid value: {"attacher":"b"}: field is immutable
                    volumeattributesclasses | {'driverName':'a'}              | {'driverName':'b'}                    | driverName: Forbidden: updates to driverName are forbidden.
                    csistoragecapacities | {'storageClassName':'a'}           | {'storageClassName':'b'}              | storageClassName: Invalid value: "b": field is immutable
                    endpointslices    | {'addressType':'IPv4'}                | {'addressType':'IPv6'}                | addressType: Invalid value: "IPv6": field is immutable
                    priorityclasses   | {'value':1}                           | {'value':2}                           | value: Forbidden: may not be changed in an update.
                    runtimeclasses    | {'handler':'a'}                       | {'handler':'b'}                       | handler: Invalid value: "b": field is immutable
                    """)
    void changes(String plural, String before, String after, String errors) {
        ResourceType type = RuleTables.type(plural);
        ObjectNode now = RuleTables.stored(type, after);
        assertThat(
                        RuleTables.told(
                                type.strategy()
                                        .validateUpdate(now, RuleTables.stored(type, before))))
                .isEqualTo(errors);
    }
}
