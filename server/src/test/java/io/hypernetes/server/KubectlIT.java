package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real kubectl against the real server. */
class KubectlIT {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}}
            spec:
              containers:
              - {name: c, image: hypernetes/hello}
            """;

    @TempDir static Path folder;

    private static TestServer server;
    private static Path alice;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        alice = server.kubeconfig(folder, TestServer.ALICE, "");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Run(int exit, String out, String err) {}

    private static Run kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", config.toString()));
        command.add("--cache-dir=" + folder.resolve("cache"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static String ok(String input, String... arguments)
            throws IOException, InterruptedException {
        Run run = kubectl(alice, input, arguments);
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void manifestsAreAppliedShownChangedAndDeleted() throws Exception {
        assertThat(ok("", "create", "namespace", "web")).contains("namespace/web created");
        assertThat(ok("", "get", "namespaces")).contains("web").contains("Active").contains("AGE");
        assertThat(ok(POD, "-n", "web", "apply", "-f", "-")).contains("pod/web created");
        assertThat(ok(POD, "-n", "web", "apply", "-f", "-")).contains("pod/web unchanged");
        String changed = POD.replace("app: web", "app: web, tier: front");
        assertThat(ok(changed, "-n", "web", "apply", "-f", "-")).contains("pod/web configured");
        assertThat(ok("", "-n", "web", "get", "pods", "-o", "wide"))
                .contains("NAME")
                .contains("READY")
                .contains("Pending");
        assertThat(ok("", "-n", "web", "get", "pod", "web", "-o", "yaml"))
                .contains("tier: front")
                .contains("serviceAccountName: default");
        assertThat(ok("", "-n", "web", "get", "pods", "-l", "tier=front", "-o", "name"))
                .isEqualTo("pod/web\n");
        assertThat(ok("", "-n", "web", "get", "pods", "--field-selector", "status.phase=Running"))
                .isEmpty();
        assertThat(ok("", "-n", "web", "describe", "pod", "web")).contains("Image:");
        assertThat(ok("", "-n", "web", "label", "pod", "web", "tier-")).contains("unlabeled");
        assertThat(ok("", "-n", "web", "annotate", "pod", "web", "a=b")).contains("annotated");
        assertThat(ok("", "-n", "web", "delete", "pod", "web", "--wait")).contains("deleted");
        assertThat(ok("", "-n", "web", "get", "pods")).isEmpty();
    }

    @Test
    void theApiExplainsItself() throws Exception {
        assertThat(ok("", "explain", "pod.spec.containers")).contains("image");
        assertThat(ok("", "api-resources")).contains("configmaps").doesNotContain("tenants");
        assertThat(ok("", "api-versions")).contains("rbac.authorization.k8s.io/v1");
        assertThat(ok("", "version")).contains("v1.36.0+hypernetes");
        assertThat(ok("", "auth", "whoami"))
                .contains("alice")
                .containsPattern("hypernetes.io/tenant\\S*\\s+\\[acme\\]");
        assertThat(ok("", "auth", "can-i", "list", "pods")).isEqualTo("yes\n");
    }

    @Test
    void aMisspeltFieldIsRefused() throws Exception {
        Run run = kubectl(alice, POD.replace("image:", "imagee:"), "apply", "-f", "-");
        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains("unknown field \"spec.containers[0].imagee\"");
    }

    @Test
    void fieldsAreCheckedAsStrictlyAsAsked() throws Exception {
        String typo =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: typo}
                dataa: {a: b}
                """;
        String[] create = {"create", "-f", "-", "--validate=strict"};
        Run strict = kubectl(alice, typo, create);
        assertThat(strict.exit()).isEqualTo(1);
        assertThat(strict.err()).contains("strict decoding error: unknown field \"dataa\"");
        create[3] = "--validate=warn";
        Run warned = kubectl(alice, typo, create);
        assertThat(warned.exit()).as(warned.err()).isZero();
        assertThat(warned.err()).contains("Warning: unknown field \"dataa\"");
        ok("", "delete", "configmap", "typo");
        create[3] = "--validate=ignore";
        Run ignored = kubectl(alice, typo, create);
        assertThat(ignored.exit()).as(ignored.err()).isZero();
        assertThat(ignored.err()).doesNotContain("dataa");
    }

    @Test
    void servicesOfEveryTypeAreMade() throws Exception {
        ok("", "create", "service", "clusterip", "inner", "--tcp=80:8080");
        assertThat(ok("", "get", "service", "inner", "-o", "jsonpath={.spec.clusterIP}"))
                .startsWith("10.");
        ok("", "create", "service", "nodeport", "outer", "--tcp=80");
        assertThat(ok("", "get", "service", "outer", "-o", "jsonpath={.spec.ports[0].nodePort}"))
                .matches("3[0-2][0-9]{3}");
        ok("", "create", "service", "externalname", "far", "--external-name=a.example.com");
        assertThat(ok("", "get", "service", "far")).contains("ExternalName", "a.example.com");
        ok(POD.replace("name: web", "name: exposed"), "apply", "-f", "-");
        assertThat(ok("", "expose", "pod", "exposed", "--port=80"))
                .isEqualTo("service/exposed exposed\n");
        Run again = kubectl(alice, "", "create", "service", "clusterip", "inner", "--tcp=80");
        assertThat(again.err()).contains("services \"inner\" already exists");
    }

    @Test
    void podsAreReachedThroughTheServer() throws Exception {
        ok(POD.replace("name: web", "name: reach"), "apply", "-f", "-");
        assertThat(ok("", "logs", "reach")).isEqualTo("hello from acme:default/reach/c\n");
        assertThat(ok("", "exec", "reach", "--", "echo", "hi")).isEqualTo("echo hi\n");
        assertThat(ok("typed\n", "exec", "-i", "reach", "--", "cat")).isEqualTo("cat\ntyped\n");
        Run failed = kubectl(alice, "", "exec", "reach", "--", "false");
        assertThat(failed.exit()).isEqualTo(7);
    }

    @Test
    void theOperatorSeesAllTenantsAndThePrefixChoosesOne() throws Exception {
        Path operator = server.kubeconfig(folder, TestUsers.OPERATOR, "");
        assertThat(kubectl(operator, "", "get", "tenants").out()).contains("acme", "globex");
        Path acme = server.kubeconfig(folder, TestUsers.OPERATOR, "/tenants/acme");
        assertThat(kubectl(acme, "", "get", "namespaces").out()).contains("default");
        assertThat(kubectl(acme, "", "explain", "pod").exit()).isZero();
        Path every = server.kubeconfig(folder, TestUsers.OPERATOR, "/tenants/*");
        Run all = kubectl(every, "", "get", "namespaces", "-o", "yaml");
        assertThat(all.out())
                .contains("hypernetes.io/tenant: acme")
                .contains("hypernetes.io/tenant: globex");
        assertThat(server.stored(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, "", "default").toString())
                .doesNotContain("hypernetes.io/tenant");
    }
}
