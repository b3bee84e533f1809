package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Neither sees anything of the other: not a packet, not an object. */
@OfTheTour
@Order(3)
class Tour3IsolationIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");
    private final Cloud.User bob = cloud.user("bob");

    @Test
    @Order(1)
    void notOnePacketOfOneTenantReachesTheOther() throws Exception {
        String namespace = Leftovers.switches(cloud.data());
        Map<String, List<String>> capturedByTap = new java.util.TreeMap<>();
        List<Process> captures = new ArrayList<>();
        String hello = alice.jsonpath("web", "pod/hello", "{.status.podIP}");
        for (String tap : Leftovers.taps(cloud.data())) {
            java.nio.file.Path file = cloud.file(tap + ".txt");
            captures.add(
                    new ProcessBuilder(
                                    "ip",
                                    "netns",
                                    "exec",
                                    namespace,
                                    "tcpdump",
                                    "-i",
                                    tap,
                                    "-n",
                                    "-l",
                                    "-A",
                                    "-s",
                                    "0",
                                    "udp or icmp or tcp")
                            .redirectOutput(file.toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
            capturedByTap.put(tap, new ArrayList<>());
        }
        try {
            Thread.sleep(2000);
            alice.inPod("web", "visitor", "nslookup of-acme.test " + hello);
            bob.inPod("web", "visitor", "nslookup of-globex.test " + hello);
            Thread.sleep(1000);
        } finally {
            for (Process capture : captures) {
                capture.destroy();
                capture.waitFor();
            }
        }
        int withAcme = 0;
        int withGlobex = 0;
        for (String tap : capturedByTap.keySet()) {
            String seen = java.nio.file.Files.readString(cloud.file(tap + ".txt"));
            boolean acme = seen.contains("of-acme");
            boolean globex = seen.contains("of-globex");
            assertThat(acme && globex).as("both tenants' packets on " + tap).isFalse();
            withAcme += acme ? 1 : 0;
            withGlobex += globex ? 1 : 0;
        }
        // Sender and receiver of each tenant: had the captures seen nothing, they would prove
        // nothing.
        assertThat(withAcme).isEqualTo(2);
        assertThat(withGlobex).isEqualTo(2);
    }

    @Test
    @Order(2)
    void noVerbPathOrSelectorShowsAnythingOfTheOther() {
        String globex = cloud.world("globex");
        List<String> resources =
                alice.kubectl("api-resources", "--verbs=list", "-o", "name")
                        .succeeded()
                        .text()
                        .lines()
                        .toList();
        assertThat(resources).contains("pods", "secrets").doesNotContain("tenants.hypernetes.io");
        for (String resource : resources) {
            assertThat(alice.kubectl(globex, "get", resource, "-A").failed().output())
                    .as(resource)
                    .contains("orbidden")
                    .doesNotContain("hello");
            assertThat(alice.kubectl(globex, "delete", resource, "hello", "-n", "web").exit())
                    .as(resource)
                    .isNotZero();
            alice.kubectl(globex, "get", resource, "-n", "web", "--watch", "--request-timeout=5s")
                    .failed();
        }
        alice.kubectl(globex, "-n", "web", "logs", "hello").failed();
        alice.kubectl(globex, "-n", "web", "exec", "hello", "--", "id").failed();
        alice.kubectl(globex, "create", "namespace", "mine").failed();
        String everywhere = alice.kubectl(cloud.world("*"), "get", "pods", "-A").failed().output();
        assertThat(everywhere).contains("orbidden");
    }

    @Test
    @Order(3)
    void anUnknownTenantLooksLikeOneThatIsNotHers() {
        String there = refusal("globex");
        String nowhere = refusal("nowhere");
        assertThat(nowhere.replace("nowhere", "globex")).isEqualTo(there);
    }

    /** The last line; those before carry times and process ids. */
    private String refusal(String tenant) {
        String said = alice.kubectl(cloud.world(tenant), "get", "pods").failed().text();
        return said.lines().reduce("", (_, last) -> last);
    }

    @Test
    @Order(4)
    void theOperatorSeesAllTenantsAtOnce() {
        String all =
                cloud.kubectl(cloud.world("*"), "get", "pods", "-A", "-o", "name")
                        .succeeded()
                        .output();
        assertThat(all.lines().filter("pod/hello"::equals).count()).isEqualTo(2);
    }
}
