package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Services as a pod's program meets them. */
@OfTheTour
@Order(3)
class Tour3ServicesIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");
    private final Cloud.User bob = cloud.user("bob");

    private static String fetch(String url) {
        return "timeout 20 wget -qO- " + url;
    }

    @Test
    @Order(1)
    void aServiceIsReachedByItsAddress() {
        for (Cloud.User user : new Cloud.User[] {alice, bob}) {
            String address = user.jsonpath("web", "service/hello", "{.spec.clusterIP}");
            assertThat(
                            user.inPod("web", "visitor", fetch("http://" + address))
                                    .succeeded()
                                    .output())
                    .contains("Hello from your own virtual machine");
        }
    }

    @Test
    @Order(2)
    void itIsFoundByItsNameAsKubernetesHasIt() {
        String own = alice.jsonpath("web", "service/hello", "{.spec.clusterIP}");
        for (String name : new String[] {"hello", "hello.web", "hello.web.svc.cluster.local"}) {
            assertThat(alice.inPod("web", "visitor", fetch("http://" + name)).succeeded().output())
                    .contains("Hello from your own virtual machine");
        }
        assertThat(alice.inPod("web", "visitor", "nslookup hello.web.svc.cluster.local").output())
                .contains(own);
        assertThat(
                        alice.inPod(
                                        "web",
                                        "visitor",
                                        "nslookup kubernetes.default.svc.cluster.local")
                                .output())
                .contains("10.96.0.1");
        assertThat(alice.inPod("web", "visitor", "nslookup www.example.com").failed().output())
                .contains("REFUSED");
    }

    @Test
    @Order(3)
    void aProgramInAPodReachesItsOwnApi() throws Exception {
        PodTls visitor = new PodTls(alice, "web", "visitor");
        for (String host : new String[] {"10.96.0.1", "kubernetes.default.svc"}) {
            // Its token is nobody that may do much: that the API knows who it is, is the proof.
            assertThat(visitor.get(host, "/api/v1/namespaces/web/pods"))
                    .contains("403")
                    .contains("system:serviceaccount:web:default");
        }
        assertThat(visitor.get("kubernetes.default.svc", "/version")).contains("gitVersion");
    }

    @Test
    @Order(4)
    void aPolicySaysWhoMayComeAndIsNobodyElsesBusiness() {
        String only =
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: only}
                spec:
                  podSelector: {matchLabels: {app: hello}}
                  ingress:
                  - from: [{podSelector: {matchLabels: {app: %s}}}]
                    ports: [{port: http}]
                """;
        String once = "timeout 3 wget -qO- http://hello";
        alice.kubectlWithInput(only.formatted("nobody"), "-n", "web", "apply", "-f", "-")
                .succeeded();
        Cloud.await("the door to close", () -> alice.inPod("web", "visitor", once).exit() != 0);
        bob.inPod("web", "visitor", fetch("http://hello")).succeeded();
        alice.kubectlWithInput(only.formatted("visitor"), "-n", "web", "apply", "-f", "-")
                .succeeded();
        Cloud.await("the door to open", () -> alice.inPod("web", "visitor", once).exit() == 0);
        alice.kubectl("-n", "web", "delete", "networkpolicy", "only").succeeded();
    }
}
