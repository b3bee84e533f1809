package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of both families: two tenants' machines have the same two addresses each, and meet at
 * them.
 */
@OfTheTour
@Order(3)
class Tour3DualStackIT {

    private static final String WORLD =
            """
            apiVersion: hypernetes.io/v1
            kind: Network
            metadata: {name: both}
            spec: {cidr: 10.44.0.0/24, ipv6: {cidr: "fd00:44::/64"}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: both}
            spec: {network: both}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: both}
            spec:
              ipFamilyPolicy: RequireDualStack
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080}]
            """;

    private static final String POD =
            """
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: both, labels: {app: %s}}
            spec:
              terminationGracePeriodSeconds: 0
              securityContext:
                runAsNonRoot: true
                runAsUser: 1000
                seccompProfile: {type: RuntimeDefault}
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                env:
                - {name: IPS, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}
            """;

    private final Cloud cloud = Cloud.SHARED;
    private final Path operator = cloud.data().resolve("operator.kubeconfig");
    private final List<String> tenants = List.of("acme", "globex");

    @Test
    void twoTenantsMachinesHaveTheSameAddressesOfBothFamilies() {
        for (String tenant : tenants) {
            in(tenant, WORLD, "apply", "-f", "-");
            in(tenant, POD.formatted("web", "web"), "apply", "-f", "-");
            in(tenant, "", "wait", "--for=condition=Ready", "pod/web", "--timeout=120s");
            in(tenant, POD.formatted("visitor", "visitor"), "apply", "-f", "-");
            in(tenant, "", "wait", "--for=condition=Ready", "pod/visitor", "--timeout=120s");
        }
        for (String tenant : tenants) {
            String ips = in(tenant, "", "get", "pod/web", "-o", "jsonpath={.status.podIPs[*].ip}");
            assertThat(ips).isEqualTo("10.44.0.3 fd00:44::3");
            assertThat(visitor(tenant, "echo $IPS")).contains("10.44.0.4,fd00:44::4");
            assertThat(visitor(tenant, "cat /etc/hosts"))
                    .contains("10.44.0.4\tvisitor", "fd00:44::4\tvisitor");
            assertThat(visitor(tenant, "/bin/ping -c 1 -W 10 fd00:44::3"))
                    .contains("1 packets received");
            String service =
                    in(tenant, "", "get", "service/web", "-o", "jsonpath={.spec.clusterIPs[1]}");
            assertThat(service).contains(":");
            assertThat(visitor(tenant, "timeout 30 wget -qO- http://[" + service + "]/"))
                    .contains("Hello from your own virtual machine");
            assertThat(visitor(tenant, "nslookup web.both.svc.cluster.local")).contains(service);
            in(tenant, "", "delete", "namespace", "both", "--timeout=150s");
            in(tenant, "", "delete", "network", "both", "--timeout=60s");
        }
    }

    private String visitor(String tenant, String line) {
        return in(tenant, "", "exec", "visitor", "--", "sh", "-c", line);
    }

    private String in(String tenant, String input, String... words) {
        List<String> command = new ArrayList<>(List.of(cloud.world(tenant), "-n", "both"));
        command.addAll(List.of(words));
        return cloud.kubectl(operator, input, command.toArray(String[]::new)).succeeded().text();
    }
}
