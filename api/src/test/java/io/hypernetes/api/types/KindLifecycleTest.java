package io.hypernetes.api.types;

import static io.hypernetes.api.Trees.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.types.kind.Trees;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.OptionalLong;

/** What kinds do with an object between the request and the store. */
class KindLifecycleTest {

    @Test
    void aNamespaceIsActiveAndKeptUntilItsContentIsGone() {
        Strategy strategy = BuiltinTypes.NAMESPACES.strategy();
        ObjectNode namespace = object("{'metadata':{'name':'web'},'status':{'phase':'Gone'}}");
        strategy.applyDefaults(namespace);
        strategy.prepareForCreate(namespace);
        assertThat(namespace)
                .isEqualTo(
                        object(
                                "{'metadata':{'name':'web','labels':"
                                        + "{'kubernetes.io/metadata.name':'web'}},"
                                        + "'status':{'phase':'Active'},"
                                        + "'spec':{'finalizers':['kubernetes']}}"));
        ObjectNode update = object("{'metadata':{'name':'web'},'spec':{'finalizers':[]}}");
        strategy.prepareForUpdate(update, namespace);
        assertThat(update.path("spec")).isEqualTo(namespace.path("spec"));
        assertThat(update.path("status")).isEqualTo(namespace.path("status"));
    }

    @Test
    void aNewAutoscalerHasCountedNothing() {
        ObjectNode newer = object("{'status':{'currentReplicas':7}}");
        WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS.strategy().prepareForCreate(newer);
        assertThat(newer).isEqualTo(object("{'status':{'desiredReplicas':0}}"));
    }

    @Test
    void fieldsOfFeaturesThatAreOffAreDropped() {
        ObjectNode lease = object("{'spec':{'strategy':'a/b','preferredHolder':'h'}}");
        BuiltinTypes.LEASES.strategy().prepareForCreate(lease);
        assertThat(lease.path("spec").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    {'dataSource':{'kind':'PersistentVolumeClaim','name':'a'}}            | {'dataSource':{'kind':'PersistentVolumeClaim','name':'a'},'dataSourceRef':{'kind':'PersistentVolumeClaim','name':'a'}}
                    {'dataSourceRef':{'apiGroup':'a.b','kind':'Any','name':'a'}}          | {'dataSourceRef':{'apiGroup':'a.b','kind':'Any','name':'a'},'dataSource':{'apiGroup':'a.b','kind':'Any','name':'a'}}
                    {'dataSource':{'apiGroup':'a.b','kind':'Any','name':'a'}}             | {}
                    {'dataSourceRef':{'kind':'PersistentVolumeClaim','name':'a','namespace':'b'}} | {}
                    """)
    void aClaimSaysWhatFillsItInBothFields(String sent, String kept) {
        ObjectNode claim = object("{'spec':" + sent + "}");
        BuiltinTypes.PERSISTENT_VOLUME_CLAIMS.strategy().prepareForCreate(claim);
        assertThat(claim.path("spec")).isEqualTo(object(kept));
    }

    @Test
    void aNodeRegistersWithItsStatusAndUsersCannotGiveOneElsewhere() {
        ObjectNode object = object("{'status':{'phase':'mine'}}");
        ObjectNode node = object.deepCopy();
        BuiltinTypes.NODES.strategy().prepareForCreate(node);
        assertThat(node).isEqualTo(object);
        ObjectNode claim = object.deepCopy();
        BuiltinTypes.PERSISTENT_VOLUME_CLAIMS.strategy().prepareForCreate(claim);
        assertThat(Trees.text(claim, "status", "phase")).isEqualTo("Pending");
        ObjectNode tenant = object.deepCopy();
        BuiltinTypes.TENANTS.strategy().prepareForCreate(tenant);
        assertThat(tenant.has("status")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    {'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1']}} | {'spec':{'type':'ClusterIP'}}     | {'type':'ClusterIP','clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1']}
                    {'spec':{'clusterIP':'10.0.0.1'}}                           | {'spec':{'type':'ExternalName'}}  | {'type':'ExternalName'}
                    {'spec':{}}                                                 | {'spec':{'clusterIP':'10.0.0.2'}} | {'clusterIP':'10.0.0.2','clusterIPs':['10.0.0.2']}
                    {'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],'ipFamilies':['IPv4'],'ipFamilyPolicy':'SingleStack'}} | {'spec':{'type':'ExternalName','clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1'],'ipFamilies':['IPv4'],'ipFamilyPolicy':'SingleStack'}} | {'type':'ExternalName'}
                    {'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1']}} | {'spec':{'type':'ExternalName','clusterIP':'10.0.0.2','clusterIPs':['10.0.0.1']}} | {'type':'ExternalName','clusterIP':'10.0.0.2','clusterIPs':['10.0.0.2']}
                    {'spec':{'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1','fd00::1']}} | {'spec':{'clusterIP':'10.0.0.1'}} | {'clusterIP':'10.0.0.1','clusterIPs':['10.0.0.1','fd00::1']}
                    {'spec':{'type':'NodePort','ports':[{'name':'a','port':1,'nodePort':30001},{'name':'b','port':2,'nodePort':30002}]}} | {'spec':{'type':'NodePort','ports':[{'name':'b','port':3},{'name':'c','port':4}]}} | {'type':'NodePort','ports':[{'name':'b','port':3,'nodePort':30002},{'name':'c','port':4}]}
                    {'spec':{'type':'NodePort','ports':[{'name':'a','port':1,'nodePort':30001}]}} | {'spec':{'type':'NodePort','ports':[{'name':'b','port':3,'nodePort':30001},{'name':'a','port':4}]}} | {'type':'NodePort','ports':[{'name':'b','port':3,'nodePort':30001},{'name':'a','port':4}]}
                    {'spec':{'type':'NodePort','externalTrafficPolicy':'Local','ports':[{'port':1,'nodePort':30001}]}} | {'spec':{'type':'ClusterIP','externalTrafficPolicy':'Local','ports':[{'port':1,'nodePort':30001}]}} | {'type':'ClusterIP','ports':[{'port':1}]}
                    {'spec':{'type':'NodePort','ports':[{'port':1,'nodePort':30001}]}} | {'spec':{'type':'ClusterIP','ports':[{'port':1,'nodePort':30009}]}} | {'type':'ClusterIP','ports':[{'port':1,'nodePort':30009}]}
                    {'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000,'allocateLoadBalancerNodePorts':true,'loadBalancerClass':'a/b'}} | {'spec':{'type':'NodePort','externalTrafficPolicy':'Local','healthCheckNodePort':31000,'allocateLoadBalancerNodePorts':true,'loadBalancerClass':'a/b'}} | {'type':'NodePort','externalTrafficPolicy':'Local'}
                    {'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000}} | {'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local'}} | {'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':31000}
                    """)
    void anUpdateOfAServiceKeepsWhatWasAllocatedAndDropsWhatItsTypeHasNot(
            String before, String after, String spec) {
        ObjectNode service = object(after);
        BuiltinTypes.SERVICES.strategy().prepareForUpdate(service, object(before));
        assertThat(service.path("spec")).isEqualTo(object(spec));
    }

    @Test
    void textsOfASecretBecomeDataAndWinOverIt() {
        ObjectNode secret = object("{'data':{'a':'AA==','b':'AA=='},'stringData':{'a':'hi'}}");
        BuiltinTypes.SECRETS.strategy().applyDefaults(secret);
        assertThat(secret).isEqualTo(object("{'data':{'a':'aGk=','b':'AA=='},'type':'Opaque'}"));
    }

    @ParameterizedTest
    @CsvSource({"1048576,''", "1048577,data: Too long: may not be more than 1048576 bytes"})
    void aSecretHoldsAMebibyteNotCountingBase64(int bytes, String errors) {
        ObjectNode secret = object("{'metadata':{'name':'s','namespace':'n'},'type':'Opaque'}");
        String text = java.util.Base64.getEncoder().encodeToString(new byte[bytes]);
        secret.putObject("data").put("key", text);
        assertThat(BuiltinTypes.SECRETS.strategy().validate(secret))
                .extracting(FieldError::toString)
                .isEqualTo(errors.isEmpty() ? java.util.List.of() : java.util.List.of(errors));
    }

    @Test
    void theNameOfAUserSaysThatADomainDoesNotBelongThere() {
        assertThat(
                        BuiltinTypes.USERS
                                .strategy()
                                .validate(object("{'metadata':{'name':'alice@corp'}}")))
                .extracting(FieldError::toString)
                .first()
                .isEqualTo("metadata.name: Invalid value: \"alice@corp\": may not contain '@'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    {'spec':{}}                                                        |    | 0
                    {'spec':{}}                                                        | 60 | 0
                    {'spec':{'nodeName':'n'},'status':{'phase':'Running'}}             |    | 30
                    {'spec':{'nodeName':'n','terminationGracePeriodSeconds':5}}        |    | 5
                    {'spec':{'nodeName':'n','terminationGracePeriodSeconds':5}}        | 1  | 1
                    {'spec':{'nodeName':'n','terminationGracePeriodSeconds':0}}        | 60 | 60
                    {'spec':{'nodeName':'n','terminationGracePeriodSeconds':-5}}       |    | 1
                    {'spec':{'nodeName':'n'},'status':{'phase':'Succeeded'}}           | 60 | 0
                    """)
    void onlyAPodOnANodeDiesGracefully(String pod, @Nullable Long asked, long seconds) {
        OptionalLong wish = asked == null ? OptionalLong.empty() : OptionalLong.of(asked);
        assertThat(BuiltinTypes.PODS.strategy().gracePeriodSeconds(object(pod), wish))
                .isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            emptyValue = "",
            textBlock =
                    """
                    involvedObject.name | {'involvedObject':{'name':'p'}}                  | p
                    source              | {'source':{'component':'kubelet'}}               | kubelet
                    source              | {'reportingComponent':'default-scheduler'}       | default-scheduler
                    reason              | {}                                               | ^^
                    """)
    void eventsAreSelectedByTheirObjectAndSource(String field, String event, String value) {
        Strategy strategy = BuiltinTypes.EVENTS.strategy();
        assertThat(strategy.selectableFields()).contains(field);
        assertThat(strategy.selectableValue(object(event), field)).isEqualTo(value);
    }

    @Test
    void nodesAreSelectedByWhetherPodsMayComeToThem() {
        Strategy strategy = BuiltinTypes.NODES.strategy();
        assertThat(strategy.selectableValue(object("{}"), "spec.unschedulable")).isEqualTo("false");
    }
}
