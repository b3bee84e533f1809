package io.hypernetes.api.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

final class QuotaTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Quota quota(String spec) {
        ObjectNode quota = Json.object();
        quota.set("spec", json(spec));
        return Quota.toCount(quota);
    }

    private static String usage(GroupResource resource, String object) {
        return Usage.of(resource, json(object), NOW).toString();
    }

    @Test
    void aPodUsesWhatItsContainersAskForTogetherOrItsStartNeeds() {
        assertThat(
                        usage(
                                Usage.PODS,
                                """
                                {'spec':{'overhead':{'cpu':'50m'},
                                 'initContainers':[
                                  {'restartPolicy':'Always','resources':{'requests':{'cpu':'100m'}}},
                                  {'resources':{'requests':{'cpu':'2'}}}],
                                 'containers':[{'resources':{'requests':{'cpu':'1'},
                                  'limits':{'memory':'1Gi'}}}]}}
                                """))
                .isEqualTo(
                        "count/pods=1,cpu=2150m,limits.memory=1Gi,objects=1,pods=1,"
                                + "requests.cpu=2150m");
        assertThat(usage(Usage.PODS, "{'status':{'phase':'Succeeded'}}"))
                .isEqualTo("count/pods=1,objects=1");
    }

    @Test
    void servicesAndClaimsAreCountedByKind() {
        assertThat(
                        usage(
                                Usage.SERVICES,
                                "{'spec':{'type':'LoadBalancer','allocateLoadBalancerNodePorts':false,"
                                    + "'ports':[{'port':1},{'port':2,'nodePort':30000}]}}"))
                .isEqualTo(
                        "addresses=1,count/services=1,objects=1,services=1,"
                                + "services.loadbalancers=1,services.nodeports=1");
        assertThat(
                        usage(
                                Usage.CLAIMS,
                                "{'spec':{'storageClassName':'gold','resources':{'requests':{'storage':'2Gi'}}}}"))
                .contains("gold.storageclass.storage.k8s.io/requests.storage=2Gi")
                .contains("requests.storage=2Gi");
    }

    @Test
    void scopesChooseThePods() {
        ObjectNode high = json("{'spec':{'priorityClassName':'high'}}");
        Quota ofHigh =
                quota(
                        "{'hard':{'pods':'1'},'scopeSelector':{'matchExpressions':[{'scopeName':"
                                + "'PriorityClass','operator':'In','values':['high']}]}}");
        assertThat(ofHigh.covers(Usage.PODS, high)).isTrue();
        assertThat(ofHigh.covers(Usage.PODS, json("{'spec':{}}"))).isFalse();
        Quota bestEffort = quota("{'hard':{'pods':'1'},'scopes':['BestEffort']}");
        assertThat(bestEffort.covers(Usage.PODS, high)).isTrue();
        assertThat(
                        bestEffort.covers(
                                Usage.PODS,
                                json(
                                        "{'spec':{'containers':[{'resources':{'requests':{'cpu':'1'}}}]}}")))
                .isFalse();
    }

    @Test
    void whatIsLimitedMustBeSaid() {
        Quota quota = quota("{'hard':{'requests.cpu':'1','limits.cpu':'2','pods':'3'}}");
        assertThat(quota.unsaid(json("{'spec':{'containers':[{'name':'b'},{'name':'a'}]}}")))
                .contains("must specify limits.cpu for: a,b; requests.cpu for: a,b");
    }
}
