package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** From nothing to two tenants with users. */
@OfTheTour
@Order(1)
class Tour1UpIT {

    private final Cloud cloud = Cloud.SHARED;

    @Test
    @Order(1)
    void upStartsEverythingAndSaysWhatToTryNext() {
        Outcome up = cloud.up().succeeded();
        assertThat(up.output()).contains("Try next:").contains("get nodes");
    }

    @Test
    @Order(2)
    void aSecondUpFindsItRunning() {
        assertThat(cloud.up().succeeded().output()).contains("already running");
    }

    @Test
    @Order(3)
    void statusTellsWhatRuns() {
        String status = cloud.hypernetes("status").succeeded().output();
        assertThat(status).contains("server").contains("MiB").contains("nodes").contains("tenants");
    }

    @Test
    @Order(4)
    void theOperatorSeesAReadyNode() {
        String path = cloud.hypernetes("kubeconfig").succeeded().text();
        assertThat(path).endsWith("operator.kubeconfig");
        cloud.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s")
                .succeeded();
        assertThat(cloud.kubectl("get", "nodes").succeeded().output()).contains("Ready");
    }

    @Test
    @Order(5)
    void twoTenantsMayHaveTheSameAddresses() {
        cloud.hypernetes("tenant", "create", "acme", "--cidr", "10.0.0.0/24").succeeded();
        cloud.hypernetes("tenant", "create", "globex", "--cidr", "10.0.0.0/24").succeeded();
        assertThat(cloud.kubectl("get", "tenants").succeeded().output())
                .contains("acme")
                .contains("globex")
                .contains("Active");
    }

    @Test
    @Order(6)
    void usersLogInWithAPasswordThatIsNeverShown() {
        cloud.createUser("alice", "acme", "correct horse");
        cloud.createUser("bob", "globex", "battery staple");
        String stored =
                cloud.kubectl("get", "users", "-o", "yaml").succeeded().output()
                        + cloud.kubectl("get", "secrets", "-A", "-o", "yaml").succeeded().output();
        assertThat(stored).doesNotContain("correct horse").doesNotContain("battery staple");
        String log = cloud.hypernetes("status").output() + readLog();
        assertThat(log).doesNotContain("correct horse").doesNotContain("battery staple");
    }

    private String readLog() {
        return Cloud.run(
                        List.of("cat", cloud.data().resolve("log/hypernetes.log").toString()),
                        Map.of(),
                        "")
                .succeeded()
                .output();
    }

    @Test
    @Order(7)
    void aWrongPasswordIsRefused() {
        Outcome login =
                cloud.hypernetesWithInput(
                        "wrong",
                        "login",
                        "alice",
                        "--tenant",
                        "acme",
                        "--password-stdin",
                        "-o",
                        cloud.file("nobody").toString());
        assertThat(login.failed().output()).contains("Unauthorized");
    }

    @Test
    @Order(8)
    void tenantsAreObjectsThatKubectlCanMakeToo() {
        String manifest =
                """
                apiVersion: hypernetes.io/v1
                kind: Tenant
                metadata:
                  name: initech
                spec:
                  network:
                    cidr: 192.168.7.0/24
                """;
        cloud.kubectl(cloud.data().resolve("operator.kubeconfig"), manifest, "apply", "-f", "-")
                .succeeded();
        cloud.kubectl(
                        "wait",
                        "tenant/initech",
                        "--for=jsonpath={.status.phase}=Active",
                        "--timeout=60s")
                .succeeded();
        cloud.kubectl("delete", "tenant", "initech", "--timeout=90s").succeeded();
    }
}
