package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

/** The mistakes that users make in kinds other than pods, and how they are told. */
class KindRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    namespaces | {}                                                            | ``
                    namespaces | {'metadata':{'name':'a.b'}}                                   | metadata.name: Invalid value: "a.b": must not contain dots
                    namespaces | {'spec':{'finalizers':['kubernetes','mine']}}                 | spec.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified
                    configmaps | {'metadata':{'finalizers':['mine']}}                          | metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified
                    leases     | {'metadata':{'finalizers':['mine']}}                          | ``
                    runtimeclasses | {'metadata':{'finalizers':['mine']},'handler':'h'}        | ``
                    runtimeclasses | {}                                                        | handler: Required value
                    runtimeclasses | {'handler':'h','overhead':{'podFixed':{'cpu':'-1'}}}      | overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0
                    clusterroles | {'aggregationRule':{'clusterRoleSelectors':[{'matchExpressions':[{'key':'a','operator':'Is'}]}]}} | aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator && aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.
                    endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1'],'hints':{'forNodes':[{'name':'n'},{'name':'n'}]}}]} | endpoints[0].hints.forNodes[1].name: Duplicate value: "n"
                    nodes      | {'spec':{'taints':[{'key':'a','effect':'NoSchedule'},{'key':'a','effect':'NoExecute'}]}} | ``
                    nodes      | {'spec':{'taints':[{'key':'a'}]}}                             | metadata.taints[0].effect: Required value
                    nodes      | {'spec':{'taints':[{'key':'a','effect':'Never'}]}}            | metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"
                    configmaps | {'data':{'a.b-c_D':'1'},'binaryData':{'b':'AA=='}}            | ``
                    configmaps | {'data':{'a b':'1'}}                                          | data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')
                    configmaps | {'data':{'a':'1'},'binaryData':{'a':'AA=='}}                  | data[a]: Invalid value: "a": duplicate of key present in binaryData
                    configmaps | {'data':{'..':'1'}}                                           | data[..]: Invalid value: "..": must not be '..'
                    secrets    | {'stringData':{'user':'me'}}                                  | ``
                    secrets    | {'type':'kubernetes.io/tls','data':{'tls.crt':''}}            | data[tls.key]: Required value
                    secrets    | {'type':'kubernetes.io/dockerconfigjson'}                     | data[.dockerconfigjson]: Required value
                    secrets    | {'type':'kubernetes.io/basic-auth'}                           | data[username]: Required value && data[password]: Required value
                    secrets    | {'type':'kubernetes.io/basic-auth','data':{'password':''}}    | ``
                    secrets    | {'type':'kubernetes.io/service-account-token'}                | metadata.annotations[kubernetes.io/service-account.name]: Required value
                    events     | {'involvedObject':{'namespace':'web'}}                        | ``
                    events     | {'metadata':{'namespace':'default'},'involvedObject':{'kind':'Node'}} | ``
                    events     | {'involvedObject':{'namespace':'other'}}                      | involvedObject.namespace: Invalid value: "other": does not match event.namespace
                    leases     | {'spec':{'leaseDurationSeconds':0,'leaseTransitions':-1}}     | spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0 && spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0
                    storageclasses | {'provisioner':'hypernetes.io/local'}                     | ``
                    storageclasses | {'provisioner':'p','reclaimPolicy':'Recycle'}             | reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"
                    storageclasses | {}                                                        | provisioner: Required value
                    tenants    | {'spec':{'network':{'cidr':'10.0.0.0/24'}}}                   | ``
                    tenants    | {'spec':{'network':{'cidr':'10.0.0.1/24'}}}                   | spec.network.cidr: Invalid value: "10.0.0.1/24": must begin at the first address of its range: 10.0.0.0/24
                    tenants    | {'spec':{'network':{'cidr':'10.0.0.0/8'}}}                    | spec.network.cidr: Invalid value: "10.0.0.0/8": the prefix must be between 16 and 29, inclusive
                    users      | {'spec':{'tenants':[{'name':'acme'}],'defaultTenant':'acme'}} | ``
                    users      | {'spec':{'tenants':[{'name':'acme','role':'king'}]}}          | spec.tenants[0].role: Unsupported value: "king": supported values: "admin", "member", "reader"
                    users      | {'spec':{'tenants':[{'name':'acme'},{'name':'acme'}]}}        | spec.tenants[1]: Duplicate value: "acme"
                    users      | {'spec':{'tenants':[{'name':'acme'}],'defaultTenant':'b'}}    | spec.defaultTenant: Invalid value: "b": must be one of the user's tenants
                    networks   | {'spec':{'cidr':'10.0.0.0/24','gateway':'10.0.0.254'}}        | ``
                    floatingips | {'spec':{}}                                                  | ``
                    floatingips | {'spec':{'address':'192.0.2.7','target':{'kind':'Pod','name':'a'}}} | ``
                    floatingips | {'spec':{'address':'fd00::1'}}                               | spec.address: Invalid value: "fd00::1": must be an IPv4 address, for instance 192.0.2.100
                    floatingips | {'spec':{'target':{'kind':'Node','name':'a'}}}               | spec.target.kind: Unsupported value: "Node": supported values: "Pod", "Service"
                    networks   | {'spec':{}}                                                   | spec.cidr: Required value: for instance 10.0.0.0/24
                    networks   | {'spec':{'cidr':'10.0.0.0/24','gateway':'10.0.0.255'}}        | spec.gateway: Invalid value: "10.0.0.255": must be a host's address in 10.0.0.0/24
                    networks   | {'spec':{'cidr':'10.0.0.0'}}                                  | spec.cidr: Invalid value: "10.0.0.0": must be a range of addresses, for instance 10.0.0.0/24 or fd00:1::/64
                    networks   | {'spec':{'cidr':'fd00::/48'}}                                 | spec.cidr: Invalid value: "fd00::/48": the prefix must be between 64 and 125, inclusive
                    networks   | {'spec':{'cidr':'fe80::/64'}}                                 | spec.cidr: Invalid value: "fe80::/64": must be within 2000::/3 or fc00::/7
                    networks   | {'spec':{'cidr':'fd00::5/64'}}                                | spec.cidr: Invalid value: "fd00::5/64": must begin at the first address of its range: fd00::/64
                    networks   | {'spec':{'cidr':'10.0.0.0/24','ipv6':{'cidr':'10.1.0.0/24'}}} | spec.ipv6.cidr: Invalid value: "10.1.0.0/24": must be a range of IPv6 addresses, for instance fd00:1::/64
                    networks   | {'spec':{'cidr':'10.0.0.0/24','ipv6':{'cidr':'fd00::/64','gateway':'fd01::1'}}} | spec.ipv6.gateway: Invalid value: "fd01::1": must be a host's address in fd00::/64
                    networks   | {'spec':{'cidr':'fd00::/64','ipv6':{'cidr':'fd01::/64'}}}     | spec.ipv6: Forbidden: may not be used when spec.cidr is of IPv6 itself
                    networks   | {'spec':{'cidr':'10.0.0.0/24','egress':'All'}}                | spec.egress: Unsupported value: "All": supported values: "NAT", "None"
                    """)
    void mistakes(String plural, String json, String errors) {
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
                    {'ports':[{'port':80},{'name':'x','port':81}]}                  | spec.ports[0].name: Required value
                    {'ports':[{'name':'x','port':80},{'name':'x','port':81}]}       | spec.ports[1].name: Duplicate value: "x"
                    {'ports':[{'port':80,'targetPort':'web'}]}                      | ``
                    {'ports':[{'port':80,'targetPort':'a_b'}]}                      | spec.ports[0].targetPort: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)
                    {'ports':[{'port':0,'targetPort':1}]}                           | spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive
                    {'ports':[{'port':80,'protocol':'tcp'}]}                        | spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"
                    {'ports':[{'name':'a','port':80},{'name':'b','port':80}]}       | spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}
                    {'ports':[{'name':'a','port':53},{'name':'b','port':53,'protocol':'UDP'}]} | ``
                    {'ports':[{'port':80,'nodePort':30000}]}                        | spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'
                    {'type':'NodePort','ports':[{'port':80,'nodePort':30000}]}      | ``
                    {}                                                              | spec.ports: Required value
                    {'clusterIP':'None','clusterIPs':['None']}                      | ``
                    {'type':'NodePort','clusterIP':'None','clusterIPs':['None']}                          | spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services
                    {'type':'ExternalName'}                                         | spec.externalName: Required value
                    {'type':'ExternalName','externalName':'example.com.'}           | ``
                    {'type':'ExternalName','externalName':'a.b','clusterIP':'10.0.0.1'} | spec.clusterIPs: Forbidden: may not be set for ExternalName services
                    {'type':'Magic','ports':[{'port':80}]}                          | spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"
                    {'sessionAffinity':'ClientIP','ports':[{'port':80}]}            | ``
                    {'sessionAffinity':'Cookie','ports':[{'port':80}]}              | spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"
                    {'sessionAffinityConfig':{},'ports':[{'port':80}]}              | ``
                    {'externalTrafficPolicy':'Local','ports':[{'port':80}]}         | spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services
                    """)
    void services(String spec, String errors) {
        ObjectNode service = RuleTables.stored(BuiltinTypes.SERVICES, "{'spec':" + spec + "}");
        assertThat(RuleTables.told(BuiltinTypes.SERVICES.strategy().validate(service)))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    persistentvolumeclaims | {'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}} | ``
                    persistentvolumeclaims | {'resources':{'requests':{'storage':'1Gi'}}}      | spec.accessModes: Required value: at least 1 access mode is required
                    persistentvolumeclaims | {'accessModes':['RWO'],'resources':{'requests':{'storage':'1Gi'}}} | spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"
                    persistentvolumeclaims | {'accessModes':['ReadWriteOnce','ReadWriteOncePod'],'resources':{'requests':{'storage':'1Gi'}}} | spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes
                    persistentvolumeclaims | {'accessModes':['ReadWriteOnce']}                 | spec.resources[storage]: Required value
                    persistentvolumeclaims | {'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'0'}}} | spec.resources[storage]: Invalid value: "0": must be greater than zero
                    persistentvolumeclaims | {'accessModes':['ReadWriteOnce'],'volumeMode':'Raw','resources':{'requests':{'storage':'1Gi'}}} | spec.volumeMode: Unsupported value: "Raw": supported values: "Block", "Filesystem"
                    persistentvolumes      | {'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'},'csi':{'driver':'d','volumeHandle':'h'}} | ``
                    persistentvolumes      | {'capacity':{'storage':'1Gi'},'csi':{'driver':'d','volumeHandle':'h'}}           | spec.accessModes: Required value
                    persistentvolumes      | {'accessModes':['ReadWriteOnce'],'csi':{'driver':'d','volumeHandle':'h'}}        | spec.capacity: Required value && spec.capacity: Unsupported value: null: supported values: "storage"
                    persistentvolumes      | {'accessModes':['ReadWriteOnce'],'capacity':{'cpu':'1'},'csi':{'driver':'d','volumeHandle':'h'}} | spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage"
                    persistentvolumes      | {'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'}} | spec: Required value: must specify a volume type
                    persistentvolumes      | {'accessModes':['ReadWriteOnce'],'capacity':{'storage':'1Gi'},'csi':{},'nfs':{'server':'s','path':'/'}} | spec.csi: Forbidden: may not specify more than 1 volume type
                    """)
    void storage(String plural, String spec, String errors) {
        ResourceType type = RuleTables.type(plural);
        assertThat(
                        RuleTables.told(
                                type.strategy()
                                        .validate(
                                                RuleTables.stored(type, "{'spec':" + spec + "}"))))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    roles        | {'metadata':{'name':'system:x'},'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['get']}]} | ``
                    roles        | {'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':[]}]} | rules[0].verbs: Required value: verbs must contain at least one value
                    roles        | {'rules':[{'verbs':['get']}]}                              | rules[0].apiGroups: Required value: resource rules must supply at least one api group && rules[0].resources: Required value: resource rules must supply at least one resource
                    roles        | {'rules':[{'nonResourceURLs':['/x'],'verbs':['get']}]}     | rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs
                    clusterroles | {'rules':[{'nonResourceURLs':['/x'],'verbs':['get']}]}     | ``
                    clusterroles | {'rules':[{'nonResourceURLs':['/x'],'resources':['pods'],'verbs':['get']}]} | rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs
                    clusterroles | {'metadata':{'name':'a/b'}}                                | metadata.name: Invalid value: "a/b": may not contain '/'
                    rolebindings | {'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'alice'},{'kind':'ServiceAccount','name':'default'}]} | ``
                    rolebindings | {'roleRef':{'kind':'Rule','name':'r'}}                     | roleRef.kind: Unsupported value: "Rule": supported values: "Role", "ClusterRole"
                    rolebindings | {'roleRef':{'kind':'Role'}}                                | roleRef.name: Required value
                    rolebindings | {'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'','apiGroup':'rbac.authorization.k8s.io'}]} | subjects[0].name: Required value && subjects[0].name: Invalid value: "": user name cannot be empty
                    rolebindings | {'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'Robot','name':'r'}]} | subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"
                    clusterrolebindings | {'roleRef':{'kind':'ClusterRole','name':'r'},'subjects':[{'kind':'ServiceAccount','name':'default'}]} | subjects[0].namespace: Required value
                    clusterrolebindings | {'roleRef':{'kind':'Role','name':'r'}}              | roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"
                    """)
    void rights(String plural, String json, String errors) {
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
                    configmaps   | {'immutable':true,'data':{'a':'1'}} | {'immutable':true,'data':{'a':'2'}} | data: Forbidden: field is immutable when `immutable` is set
                    configmaps   | {'immutable':true}                  | {}                                  | immutable: Forbidden: field is immutable when `immutable` is set
                    secrets      | {'type':'Opaque'}                   | {'type':'mine'}                     | type: Invalid value: "mine": field is immutable
                    rolebindings | {'roleRef':{'kind':'Role','name':'a'}} | {'roleRef':{'kind':'Role','name':'b'}} | roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: cannot change roleRef
                    storageclasses | {'provisioner':'a'}               | {'provisioner':'b','reclaimPolicy':'Retain'} | provisioner: Invalid value: "b": field is immutable && reclaimPolicy: Invalid value: "Retain": field is immutable
                    nodes        | {'spec':{'providerID':'a'}}         | {'spec':{'providerID':'b'}}         | spec.providerID: Forbidden: node updates may not change providerID except from "" to valid
                    services     | {'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1']}} | {'spec':{'clusterIP':'None','clusterIPs':['None']}} | spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set
                    persistentvolumes | {'spec':{'csi':{'driver':'a'}}} | {'spec':{'csi':{'driver':'b'}}}    | spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation
                    persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'2Gi'}}}} | {'spec':{'resources':{'requests':{'storage':'3Gi'}}}} | spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims
                    persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'2Gi'}}},'status':{'phase':'Bound'}} | {'spec':{'resources':{'requests':{'storage':'3Gi'}}}} | ``
                    persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'2Gi'}}},'status':{'phase':'Bound','capacity':{'storage':'2Gi'}}} | {'spec':{'resources':{'requests':{'storage':'1Gi'}}}} | spec.resources.requests.storage: Forbidden: field can not be less than status.capacity
                    persistentvolumeclaims | {'spec':{}}                | {'spec':{'volumeName':'pv','storageClassName':'local'}} | ``
                    floatingips  | {'spec':{'address':'192.0.2.7'}}    | {'spec':{'address':'192.0.2.8'}}    | spec.address: Invalid value: "192.0.2.8": field is immutable
                    networks     | {'spec':{'cidr':'10.0.0.0/24'}}     | {'spec':{'cidr':'10.1.0.0/24'}}     | spec.cidr: Invalid value: "10.1.0.0/24": field is immutable
                    tenants      | {'spec':{'network':{'cidr':'10.0.0.0/24'}}} | {'spec':{}}                 | spec.network.cidr: Invalid value: "": field is immutable
                    """)
    void whatMayNotChange(String plural, String before, String after, String errors) {
        ResourceType type = RuleTables.type(plural);
        assertThat(
                        RuleTables.told(
                                type.strategy()
                                        .validateUpdate(
                                                RuleTables.stored(type, after),
                                                RuleTables.stored(type, before))))
                .isEqualTo(errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    services       | {'spec':{'ports':[{'port':80}]}} | {'type':'ClusterIP','sessionAffinity':'None','internalTrafficPolicy':'Cluster','ports':[{'port':80,'protocol':'TCP','targetPort':80}]}
                    services       | {'spec':{'type':'LoadBalancer','sessionAffinity':'ClientIP'}} | {'type':'LoadBalancer','sessionAffinity':'ClientIP','internalTrafficPolicy':'Cluster','externalTrafficPolicy':'Cluster','allocateLoadBalancerNodePorts':true,'sessionAffinityConfig':{'clientIP':{'timeoutSeconds':10800}}}
                    services       | {'spec':{'type':'ExternalName'}} | {'type':'ExternalName','sessionAffinity':'None'}
                    persistentvolumeclaims | {'spec':{'resources':{'requests':{'storage':'1024Mi'}}}} | {'volumeMode':'Filesystem','resources':{'requests':{'storage':'1Gi'}}}
                    persistentvolumes | {'spec':{}}                   | {'persistentVolumeReclaimPolicy':'Retain','volumeMode':'Filesystem'}
                    users          | {'spec':{'tenants':[{'name':'a'}]}} | {'tenants':[{'name':'a','role':'member'}]}
                    """)
    void defaultsAreFilledInOnce(String plural, String json, String spec) {
        ResourceType type = RuleTables.type(plural);
        ObjectNode object = RuleTables.stored(type, json);
        assertThat(object.path("spec")).isEqualTo(object(spec));
        ObjectNode again = object.deepCopy();
        type.strategy().applyDefaults(again);
        assertThat(again).isEqualTo(object);
    }
}
