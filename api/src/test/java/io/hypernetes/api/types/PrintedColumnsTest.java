package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Column;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What kubectl get prints, without the name in front and with <unknown> for each age. */
class PrintedColumnsTest {

    private static ResourceType type(String plural) {
        return BuiltinTypes.ALL.stream()
                .filter(type -> type.id().resource().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    private static List<Column> columns(String plural) {
        return Columns.shown(type(plural));
    }

    private static String row(List<Column> columns, ObjectNode object) {
        return columns.stream()
                .map(column -> String.valueOf(column.cell().apply(object)))
                .collect(Collectors.joining(" ; "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    namespaces             | NAME STATUS AGE
                    nodes                  | NAME STATUS ROLES AGE VERSION
                    pods                   | NAME READY STATUS RESTARTS AGE
                    configmaps             | NAME DATA AGE
                    secrets                | NAME TYPE DATA AGE
                    serviceaccounts        | NAME AGE
                    events                 | LAST-SEEN TYPE REASON OBJECT MESSAGE
                    persistentvolumeclaims | NAME STATUS VOLUME CAPACITY ACCESS-MODES STORAGECLASS VOLUMEATTRIBUTESCLASS AGE
                    persistentvolumes      | NAME CAPACITY ACCESS-MODES RECLAIM-POLICY STATUS CLAIM STORAGECLASS VOLUMEATTRIBUTESCLASS REASON AGE
                    services               | NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
                    endpoints              | NAME ENDPOINTS AGE
                    storageclasses         | NAME PROVISIONER RECLAIMPOLICY VOLUMEBINDINGMODE ALLOWVOLUMEEXPANSION AGE
                    leases                 | NAME HOLDER AGE
                    roles                  | NAME CREATED-AT
                    clusterroles           | NAME CREATED-AT
                    rolebindings           | NAME ROLE AGE
                    clusterrolebindings    | NAME ROLE AGE
                    tenants                | NAME PHASE NETWORK AGE
                    users                  | NAME TENANTS PHASE AGE
                    networks               | NAME CIDR GATEWAY PHASE AGE
                    floatingips            | NAME ADDRESS TARGET PHASE AGE
                    """)
    void headers(String plural, String headers) {
        assertThat(
                        columns(plural).stream()
                                .filter(column -> column.priority() == 0)
                                .map(column -> column.name().toUpperCase(java.util.Locale.ROOT))
                                .map(name -> name.replace(' ', '-')))
                .containsExactly(headers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    namespaces      | {'status':{'phase':'Active'}} | Active ; <unknown>
                    nodes           | {} | Unknown ; <none> ; <unknown> ;  ; <none> ; <none> ; <unknown> ; <unknown> ; <unknown>
                    nodes           | {'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'False'}],'addresses':[{'type':'InternalIP','address':'10.1.1.1'}],'nodeInfo':{'kubeletVersion':'v1','osImage':'Debian','kernelVersion':'6.1','containerRuntimeVersion':'hyper://1'}},'metadata':{'labels':{'node-role.kubernetes.io/worker':'','node-role.kubernetes.io/control-plane':'','kubernetes.io/role':'edge'}}} | NotReady,SchedulingDisabled ; control-plane,edge,worker ; <unknown> ; v1 ; 10.1.1.1 ; <none> ; Debian ; 6.1 ; hyper://1
                    pods            | {'spec':{'nodeName':'n1','containers':[{}],'readinessGates':[{'conditionType':'a'},{'conditionType':'b'}]},'status':{'phase':'Running','podIP':'10.0.0.5','conditions':[{'type':'a','status':'True'}]}} | 0/1 ; Running ; 0 ; <unknown> ; 10.0.0.5 ; n1 ; <none> ; 1/2
                    pods            | {} | 0/0 ;  ; 0 ; <unknown> ; <none> ; <none> ; <none> ; <none>
                    configmaps      | {'data':{'a':'','b':''},'binaryData':{'c':''}} | 3 ; <unknown>
                    secrets         | {'type':'Opaque','data':{'a':''}} | Opaque ; 1 ; <unknown>
                    persistentvolumeclaims | {'spec':{'storageClassName':'local','volumeMode':'Filesystem'},'status':{'phase':'Pending'}} | Pending ;  ;  ;  ; local ; <unset> ; <unknown> ; Filesystem
                    persistentvolumeclaims | {'spec':{'volumeName':'pv1'},'status':{'phase':'Pending'}} | Pending ; pv1 ; 0 ;  ;  ; <unset> ; <unknown> ; <unset>
                    persistentvolumeclaims | {'spec':{'volumeName':'pv1'},'status':{'phase':'Bound','capacity':{'storage':'1Gi'},'accessModes':['ReadWriteMany','ReadOnlyMany','ReadWriteOnce']}} | Bound ; pv1 ; 1Gi ; RWO,ROX,RWX ;  ; <unset> ; <unknown> ; <unset>
                    persistentvolumes | {'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOncePod'],'persistentVolumeReclaimPolicy':'Delete','claimRef':{'namespace':'web','name':'data'},'storageClassName':'local','volumeMode':'Block'},'status':{'phase':'Bound'}} | 1Gi ; RWOP ; Delete ; Bound ; web/data ; local ; <unset> ;  ; <unknown> ; Block
                    services        | {'spec':{'type':'ClusterIP','clusterIP':'10.0.0.9','ports':[{'port':80,'protocol':'TCP'},{'port':53,'protocol':'UDP'}],'selector':{'b':'2','a':'1'}}} | ClusterIP ; 10.0.0.9 ; <none> ; 80/TCP,53/UDP ; <unknown> ; a=1,b=2
                    services        | {'spec':{'type':'ClusterIP','clusterIP':'None'}} | ClusterIP ; None ; <none> ; <none> ; <unknown> ; <none>
                    services        | {'spec':{'type':'NodePort','externalIPs':['1.1.1.1','2.2.2.2'],'ports':[{'port':80,'nodePort':30080,'protocol':'TCP'}]}} | NodePort ; <none> ; 1.1.1.1,2.2.2.2 ; 80:30080/TCP ; <unknown> ; <none>
                    services        | {'spec':{'type':'ExternalName','externalName':'example.com','externalIPs':['1.1.1.1']}} | ExternalName ; <none> ; example.com ; <none> ; <unknown> ; <none>
                    services        | {'spec':{'type':'LoadBalancer'}} | LoadBalancer ; <none> ; <pending> ; <none> ; <unknown> ; <none>
                    services        | {'spec':{'type':'LoadBalancer','externalIPs':['1.1.1.1']},'status':{'loadBalancer':{'ingress':[{'ip':'9.9.9.9'},{'hostname':'lb'}]}}} | LoadBalancer ; <none> ; 9.9.9.9,lb,1.1.1.1 ; <none> ; <unknown> ; <none>
                    endpoints       | {} | <none> ; <unknown>
                    endpoints       | {'subsets':[{'notReadyAddresses':[{'ip':'1.1.1.1'}],'ports':[{'port':80}]}]} |  ; <unknown>
                    endpoints       | {'subsets':[{'addresses':[{'ip':'1.1.1.1'},{'ip':'2.2.2.2'}],'ports':[{'port':80},{'port':81}]}]} | 1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 1 more... ; <unknown>
                    storageclasses  | {'metadata':{'name':'x'},'provisioner':'hypernetes.io/local','reclaimPolicy':'Delete','volumeBindingMode':'Immediate'} | hypernetes.io/local ; Delete ; Immediate ; false ; <unknown>
                    leases          | {'spec':{'holderIdentity':'n1'}} | n1 ; <unknown>
                    roles           | {'metadata':{'creationTimestamp':'2020-01-01T00:00:00Z'}} | 2020-01-01T00:00:00Z
                    rolebindings    | {'roleRef':{'kind':'Role','name':'r'},'subjects':[{'kind':'User','name':'alice'},{'kind':'User','name':'bob'},{'kind':'Group','name':'g'},{'kind':'ServiceAccount','namespace':'web','name':'default'}]} | Role/r ; <unknown> ; alice, bob ; g ; web/default
                    tenants         | {'spec':{'network':{'cidr':'10.0.0.0/24'}},'status':{'phase':'Active'}} | Active ; 10.0.0.0/24 ; <unknown>
                    tenants         | {'metadata':{'name':'system'},'status':{'phase':'Active'}} | Active ; <none> ; <unknown>
                    users           | {'spec':{'tenants':[{'name':'acme'},{'name':'globex'}]}} | acme,globex ;  ; <unknown> ; <none>
                    networks        | {'spec':{'cidr':'10.0.0.0/24'},'status':{'phase':'Active'}} | 10.0.0.0/24 ; 10.0.0.1 ; Active ; <unknown>
                    floatingips     | {'spec':{}} | <none> ; <none> ;  ; <unknown>
                    floatingips     | {'spec':{'target':{'kind':'Pod','name':'web'}},'status':{'address':'192.0.2.7','phase':'Attached'}} | 192.0.2.7 ; pod/web ; Attached ; <unknown>
                    networks        | {'spec':{'cidr':'10.0.0.0/24','gateway':'10.0.0.254'},'status':{'phase':'Active'}} | 10.0.0.0/24 ; 10.0.0.254 ; Active ; <unknown>
                    """)
    void rows(String plural, String json, String row) {
        List<Column> columns = columns(plural).subList(1, columns(plural).size());
        assertThat(row(columns, object(json)).strip()).isEqualTo(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {'metadata':{'name':'e'},'type':'Normal','reason':'Pulled','message':' ok\\n','count':3,'source':{'component':'kubelet','host':'n1'},'involvedObject':{'kind':'Pod','name':'p','fieldPath':'spec.containers{c}'}} | <unknown> ; Normal ; Pulled ; pod/p ; spec.containers{c} ; kubelet, n1 ; ok ; <unknown> ; 3 ; e
                    {'metadata':{'name':'e'},'type':'Warning','reason':'FailedScheduling','message':'no room','series':{'count':7},'reportingComponent':'default-scheduler','reportingInstance':'s-1','involvedObject':{'kind':'Pod','name':'p'}} | <unknown> ; Warning ; FailedScheduling ; pod/p ;  ; default-scheduler, s-1 ; no room ; <unknown> ; 7 ; e
                    {'metadata':{'name':'e'},'involvedObject':{'kind':'Node'}} | <unknown> ;  ;  ; node ;  ;  ;  ; <unknown> ; 1 ; e
                    """)
    void events(String json, String row) {
        assertThat(row(columns("events"), object(json))).isEqualTo(row);
    }

    @Test
    void theDefaultStorageClassIsMarked() {
        assertThat(
                        row(
                                columns("storageclasses").subList(0, 1),
                                object(
                                        "{'metadata':{'name':'local','annotations':"
                                            + "{'storageclass.kubernetes.io/is-default-class':'true'}}}")))
                .isEqualTo("local (default)");
    }

    @Test
    void whatIsBeingDeletedIsTerminating() {
        ObjectNode claim =
                object(
                        "{'metadata':{'deletionTimestamp':'2020-01-01T00:00:00Z'},"
                                + "'status':{'phase':'Bound'}}");
        for (String plural : List.of("persistentvolumeclaims", "persistentvolumes")) {
            assertThat(row(columns(plural), claim)).contains("Terminating").doesNotContain("Bound");
        }
    }

    private enum Age {
        FUTURE(-5, "<invalid>"),
        SKEWED(-1, "0s"),
        SECONDS(119, "119s"),
        MINUTES(120, "2m"),
        MINUTES_AND_SECONDS(9 * 60 + 59, "9m59s"),
        TEN_MINUTES(10 * 60 + 59, "10m"),
        HOURS(3 * 3600, "3h"),
        HOURS_AND_MINUTES(7 * 3600 + 59 * 60, "7h59m"),
        TWO_DAYS(48 * 3600, "2d"),
        DAYS_AND_HOURS(49 * 3600, "2d1h"),
        DAYS(8 * 24 * 3600 + 3600, "8d"),
        YEARS_AND_DAYS((2 * 365 + 3) * 24 * 3600, "2y3d"),
        YEARS(9 * 365 * 24 * 3600 + 24 * 3600, "9y");

        private final long seconds;
        private final String text;

        Age(long seconds, String text) {
            this.seconds = seconds;
            this.text = text;
        }
    }

    @ParameterizedTest
    @EnumSource
    void agesHaveTwoOrThreeFigures(Age age) {
        assertThat(Ages.text(Duration.ofSeconds(age.seconds))).isEqualTo(age.text);
    }
}
