package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.identity.pki.CertificateAuthority;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;

/** An admission webhook of a tenant's own, served by a machine in the tenant's network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantWebhookIT {
    private static final String ACME = "acme";
    private static final String GLOBEX = "globex";

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: judge, labels: {app: judge}}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: srv, emptyDir: {}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "until [ -e /srv/complete ]; do sleep 0.2; done; exec sh %1$s/serve"]
                startupProbe:
                  httpGet: {scheme: HTTPS, port: %2$d, path: /alive}
                  periodSeconds: 2
                  failureThreshold: 600
                readinessProbe: {tcpSocket: {port: %2$d}, periodSeconds: 2}
                volumeMounts: [{name: srv, mountPath: /srv}]
            """
                    .formatted(TlsServer.PLACE, TlsServer.PORT);

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: judge}
            spec: {selector: {app: judge}, ports: [{port: 443, targetPort: %d}]}
            """
                    .formatted(TlsServer.PORT);

    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, POD);
        cloud.await(
                "the machine; " + cloud.events(ACME, "judge"),
                () -> cloud.exec(ACME, "judge", "main", "true").exit() == 0);
        Path folder = cloud.file("judge");
        TlsServer.pack(folder, authority.serverCertificate(List.of("judge.default.svc")));
        cloud.kubectl(ACME, "cp", folder.toString(), "judge:" + TlsServer.PLACE).succeeded();
        cloud.exec(ACME, "judge", "main", "touch /srv/complete").succeeded();
        cloud.awaitReady(ACME, "judge");
        for (String tenant : List.of(ACME, GLOBEX)) {
            cloud.apply(tenant, SERVICE);
            cloud.apply(tenant, configuration());
        }
    }

    @AfterAll
    void remove() {
        for (String tenant : List.of(ACME, GLOBEX)) {
            cloud.kubectl(
                            tenant,
                            "delete",
                            "--ignore-not-found",
                            "--now",
                            "validatingwebhookconfiguration/judge",
                            "service/judge",
                            "pod/judge")
                    .succeeded();
        }
    }

    private String configuration() {
        String bundle =
                Base64.getEncoder()
                        .encodeToString(
                                authority.certificatePem().getBytes(StandardCharsets.US_ASCII));
        return """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: judge}
        webhooks:
        - name: judge.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          timeoutSeconds: 30
          objectSelector: {matchLabels: {judged: "yes"}}
          clientConfig: {service: {namespace: default, name: judge}, caBundle: %s}
          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
        """
                .formatted(bundle);
    }

    private NodeCloud.Run create(String tenant, String name, String word) {
        return cloud.kubectlWithInput(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, labels: {judged: "yes"}}
                data: {word: %s}
                """
                        .formatted(name, word),
                tenant,
                "create",
                "-f",
                "-");
    }

    private int asked() {
        return cloud.exec(ACME, "judge", "main", "cat /srv/asked").text().split("\n").length;
    }

    @Test
    void itIsAskedInItsMachineAndInNoOtherTenantsName() {
        String kernel =
                cloud.exec(ACME, "judge", "main", "cat /proc/sys/kernel/random/boot_id").text();
        cloud.await(
                "a judgement: " + create(ACME, "refused", "unwanted").output(),
                () -> create(ACME, "refused", "unwanted").output().contains("so says kernel"));
        NodeCloud.Run refused = create(ACME, "refused", "unwanted");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output())
                .contains("admission webhook \"judge.example.com\" denied the request")
                .contains("so says kernel " + kernel);
        create(ACME, "allowed", "wanted").succeeded();
        cloud.kubectl(ACME, "delete", "configmap", "allowed").succeeded();

        // The same names in another world: its own service has no machine, and no other is asked.
        int before = asked();
        assertThat(create(GLOBEX, "refused", "wanted").output())
                .contains("failed calling webhook")
                .contains("no endpoints available for service \"judge\"");
        assertThat(asked()).isEqualTo(before);
    }
}
