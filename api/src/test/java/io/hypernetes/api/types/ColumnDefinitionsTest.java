package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.kind.Columns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The columns of every kind as upstream defines them: names, order, types, what is wide. */
class ColumnDefinitionsTest {

    /**
     * A name alone is a text; {@code :i} integer, {@code :b} boolean, {@code :d} date; + is wide.
     */
    private static final String TABLE =
            """
            configmaps: Data, Age
            endpoints: Endpoints, Age
            events: Last Seen, Type, Reason, Object, Subobject+, Source+, Message, First Seen+, Count+, Name+
            limitranges: Created At:d
            namespaces: Status, Age
            nodes: Status, Roles, Age, Version, Internal-IP+, External-IP+, OS-Image+, Kernel-Version+, Container-Runtime+
            persistentvolumeclaims: Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode+
            persistentvolumes: Capacity, Access Modes, Reclaim Policy, Status, Claim, StorageClass, VolumeAttributesClass, Reason, Age, VolumeMode+
            pods: Ready, Status, Restarts, Age, IP+, Node+, Nominated Node+, Readiness Gates+
            podtemplates: Containers, Images, Pod Labels
            replicationcontrollers: Desired:i, Current:i, Ready:i, Age, Containers+, Images+, Selector+
            resourcequotas: Request, Limit, Age
            secrets: Type, Data, Age
            serviceaccounts: Age
            services: Type, Cluster-IP, External-IP, Port(s), Age, Selector+
            controllerrevisions: Controller, Revision, Age
            daemonsets: Desired:i, Current:i, Ready:i, Up-to-date:i, Available:i, Node Selector, Age, Containers+, Images+, Selector+
            deployments: Ready, Up-to-date, Available, Age, Containers+, Images+, Selector+
            replicasets: Desired:i, Current:i, Ready:i, Age, Containers+, Images+, Selector+
            statefulsets: Ready, Age, Containers+, Images+
            horizontalpodautoscalers: Reference, Targets, MinPods, MaxPods, Replicas, Age
            cronjobs: Schedule, Timezone, Suspend:b, Active:i, Last Schedule, Age, Containers+, Images+, Selector+
            jobs: Status, Completions, Duration, Age, Containers+, Images+, Selector+
            certificatesigningrequests: Age, SignerName, Requestor, RequestedDuration, Condition
            leases: Holder, Age
            endpointslices: AddressType, Ports, Endpoints, Age
            flowschemas: PriorityLevel, MatchingPrecedence, DistinguisherMethod, Age, MissingPL
            prioritylevelconfigurations: Type, NominalConcurrencyShares, Queues, HandSize, QueueLengthLimit, Age
            ingressclasses: Controller, Parameters, Age
            ingresses: Class, Hosts, Address, Ports, Age
            ipaddresses: ParentRef
            networkpolicies: Pod-Selector, Age
            servicecidrs: CIDRs, Age
            runtimeclasses: Handler, Age
            poddisruptionbudgets: Min Available, Max Unavailable, Allowed Disruptions:i, Age
            clusterrolebindings: Role, Age, Users+, Groups+, ServiceAccounts+
            clusterroles: Created At:d
            rolebindings: Role, Age, Users+, Groups+, ServiceAccounts+
            roles: Created At:d
            deviceclasses: Age
            resourceclaims: State, Age
            resourceclaimtemplates: Age
            resourceslices: Node, Driver, Pool, Age
            priorityclasses: Value:i, Global-Default:b, Age, PreemptionPolicy
            csidrivers: AttachRequired:b, PodInfoOnMount:b, StorageCapacity:b, TokenRequests, RequiresRepublish:b, Modes, Age
            csinodes: Drivers:i, Age
            csistoragecapacities: Created At:d
            storageclasses: Provisioner, ReclaimPolicy, VolumeBindingMode, AllowVolumeExpansion, Age
            volumeattachments: Attacher, PV, Node, Attached:b, Age
            volumeattributesclasses: DriverName, Age
            mutatingadmissionpolicies: Mutations:i, ParamKind, Age
            mutatingadmissionpolicybindings: PolicyName, ParamRef, Age
            mutatingwebhookconfigurations: Webhooks:i, Age
            validatingadmissionpolicies: Validations:i, ParamKind, Age
            validatingadmissionpolicybindings: PolicyName, ParamRef, Age
            validatingwebhookconfigurations: Webhooks:i, Age
            apiservices: Service, Available, Age
            customresourcedefinitions: Created At:d
            """;

    private static final Set<String> OURS =
            Set.of("tenants", "users", "networks", "floatingips", "thirdpartyresources");

    @Test
    void everyKindHasUpstreamsColumns() {
        Map<String, String> wanted = new TreeMap<>();
        TABLE.lines()
                .map(line -> line.split(": ", 2))
                .forEach(line -> wanted.put(line[0], line[1]));
        Map<String, String> found = new TreeMap<>();
        for (ResourceType type : BuiltinTypes.ALL) {
            if (!OURS.contains(type.id().resource())) {
                found.put(
                        type.id().resource(),
                        Columns.shown(type).stream()
                                .filter(c -> !c.name().equals("Name") || c.priority() > 0)
                                .map(ColumnDefinitionsTest::shown)
                                .collect(Collectors.joining(", ")));
            }
        }
        assertThat(found).containsExactlyEntriesOf(wanted);
    }

    private static String shown(Column column) {
        String type = column.type().equals("string") ? "" : ":" + column.type().charAt(0);
        return column.name() + type + (column.priority() > 0 ? "+" : "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            emptyValue = "",
            textBlock =
                    """
                    jobs | {'spec':{'completions':3},'status':{'succeeded':1,'startTime':'2026-01-01T00:00:00Z','completionTime':'2026-01-01T00:01:05Z','conditions':[{'type':'Complete','status':'True'}]}} | Complete ; 1/3 ; 65s
                    jobs | {'spec':{'parallelism':4},'status':{}} | Running ; 0/1 of 4
                    jobs | {'spec':{'parallelism':1},'status':{'conditions':[{'type':'Suspended','status':'True'}]}} | Suspended ; 0/1
                    jobs | {'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'},'spec':{}} | Terminating ; 0/1
                    jobs | {'status':{'conditions':[{'type':'FailureTarget','status':'True'}]}} | FailureTarget ; 0/1
                    cronjobs | {'spec':{'schedule':'* * * * *','suspend':true,'timeZone':'Europe/Berlin'},'status':{'active':[{},{}]}} | * * * * * ; Europe/Berlin ; True ; 2 ; <none>
                    deployments | {'spec':{'replicas':3},'status':{'readyReplicas':1,'updatedReplicas':2,'availableReplicas':1}} | 1/3 ; 2 ; 1
                    statefulsets | {'spec':{'replicas':2},'status':{'readyReplicas':1}} | 1/2
                    daemonsets | {'spec':{'template':{'spec':{'nodeSelector':{'b':'2','a':'1'}}}},'status':{'desiredNumberScheduled':3,'currentNumberScheduled':2,'numberReady':1,'updatedNumberScheduled':2,'numberAvailable':1}} | 3 ; 2 ; 1 ; 2 ; 1 ; a=1,b=2
                    controllerrevisions | {'revision':4,'metadata':{'ownerReferences':[{'apiVersion':'apps/v1','kind':'DaemonSet','name':'d','controller':true}]}} | daemonset.apps/d ; 4
                    horizontalpodautoscalers | {'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':5,'minReplicas':2,'metrics':[{'type':'Resource','resource':{'name':'cpu','target':{'averageUtilization':80}}}]},'status':{'currentReplicas':3,'currentMetrics':[{'type':'Resource','resource':{'current':{'averageUtilization':10}}}]}} | Deployment/d ; cpu: 10%/80% ; 2 ; 5 ; 3
                    horizontalpodautoscalers | {'spec':{'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':5,'metrics':[{'type':'External','external':{'target':{'averageValue':'5'}}},{'type':'Pods','pods':{'target':{'averageValue':'1k'}}},{'type':'Resource','resource':{'name':'memory','target':{}}}]}} | Deployment/d ; <unknown>/5 (avg), <unknown>/1k + 1 more... ; <unset> ; 5 ; 0
                    ingresses | {'spec':{'rules':[{'host':'a'},{},{'host':'b'},{'host':'c'},{'host':'d'}],'tls':[{}]},'status':{'loadBalancer':{'ingress':[{'ip':'1.1.1.1'},{'hostname':'h'}]}}} | <none> ; a,b,c + 2 more... ; 1.1.1.1,h ; 80, 443
                    ingresses | {'metadata':{'annotations':{'kubernetes.io/ingress.class':'old'}},'spec':{'defaultBackend':{}}} | <none> ; * ;  ; 80
                    ingressclasses | {'spec':{'controller':'a.b/c','parameters':{'apiGroup':'g.io','kind':'K','name':'n'}}} | a.b/c ; K.g.io/n
                    networkpolicies | {'spec':{'podSelector':{'matchLabels':{'a':'1'},'matchExpressions':[{'key':'b','operator':'In','values':['y','x']}]}}} | a=1,b in (x,y)
                    networkpolicies | {'spec':{}} | <none>
                    ipaddresses | {'spec':{'parentRef':{'resource':'services','namespace':'web','name':'s'}}} | services/web/s
                    endpointslices | {'addressType':'IPv4','ports':[{'port':80},{'name':'x'},{}],'endpoints':[{'addresses':['1.1.1.1','1.1.1.2']},{'addresses':['1.1.1.3','1.1.1.4']}]} | IPv4 ; 80,x,* ; 1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...
                    endpointslices | {'addressType':'IPv6'} | IPv6 ; <unset> ; <unset>
                    poddisruptionbudgets | {'spec':{'minAvailable':'50%'},'status':{'disruptionsAllowed':2}} | 50% ; N/A ; 2
                    csidrivers | {'spec':{'attachRequired':true,'tokenRequests':[{'audience':'a'},{'audience':'b'}]}} | true ; false ; false ; a,b ; false ; <none>
                    csinodes | {'spec':{'drivers':[{},{}]}} | 2
                    prioritylevelconfigurations | {'spec':{'type':'Exempt','exempt':{'nominalConcurrencyShares':0}}} | Exempt ; <none> ; <none> ; <none> ; <none>
                    prioritylevelconfigurations | {'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':30,'limitResponse':{'queuing':{'queues':64,'handSize':6,'queueLengthLimit':50}}}}} | Limited ; 30 ; 64 ; 6 ; 50
                    flowschemas | {'spec':{'matchingPrecedence':9000,'priorityLevelConfiguration':{'name':'p'},'distinguisherMethod':{'type':'ByUser'}},'status':{'conditions':[{'type':'Dangling','status':'False'}]}} | p ; 9000 ; ByUser
                    certificatesigningrequests | {'spec':{'signerName':'s','username':'u','expirationSeconds':3600},'status':{'conditions':[{'type':'Approved'},{'type':'Failed'}],'certificate':'eA=='}} | s ; u ; 60m ; Approved,Failed,Issued
                    persistentvolumes | {'metadata':{'annotations':{'volume.beta.kubernetes.io/storage-class':'old'}},'spec':{'claimRef':{'namespace':'n','name':'c'}},'status':{'phase':'Released'}} | 0 ;  ;  ; Released ; n/c ; old
                    resourcequotas | {'status':{'hard':{'pods':'10','limits.cpu':'4','cpu':'2'},'used':{'pods':'3','limits.cpu':'1'}}} | cpu: 0/2, pods: 3/10 ; limits.cpu: 1/4
                    podtemplates | {'template':{'metadata':{'labels':{'a':'1'}},'spec':{'containers':[{'name':'c','image':'i'},{'name':'d','image':'j'}]}}} | c,d ; i,j ; a=1
                    resourceclaims | {'status':{'allocation':{},'reservedFor':[{}]}} | allocated,reserved
                    resourceclaims | {'metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'}} | deleted
                    priorityclasses | {'value':7,'globalDefault':true} | 7 ; true
                    apiservices | {'spec':{},'status':{'conditions':[{'type':'Available','status':'True'}]}} | Local ; True
                    apiservices | {'spec':{'service':{'namespace':'n','name':'s'}},'status':{'conditions':[{'type':'Available','status':'False','reason':'ServiceNotFound'}]}} | n/s ; False (ServiceNotFound)
                    validatingadmissionpolicies | {'spec':{'validations':[{},{}],'paramKind':{'apiVersion':'v1','kind':'ConfigMap'}}} | 2 ; v1/ConfigMap
                    validatingadmissionpolicybindings | {'spec':{'policyName':'p','paramRef':{'name':'x'}}} | p ; */x
                    """)
    void cells(String plural, String json, String beforeTheAge) {
        String row =
                Columns.shown(RuleTables.type(plural)).stream()
                        .filter(column -> !column.name().equals("Name"))
                        .filter(column -> !column.name().equals("Age") || plural.startsWith("cert"))
                        .map(column -> String.valueOf(column.cell().apply(object(json))))
                        .collect(Collectors.joining(" ; "));
        String shown = row.replace("<unknown> ; s ; u", "s ; u");
        assertThat(shown).startsWith(String.join(" ; ", Arrays.asList(beforeTheAge.split(" ; "))));
    }
}
