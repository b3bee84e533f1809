package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Upstream's kubectl.go and crd_publish_openapi.go: by kubectl 1.35 in tenants' worlds, by the
 * older one that is installed in the system's.
 */
final class KubectlIT {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: e2e-test-httpd-pod, labels: {run: e2e-test-httpd-pod}}
            spec: {containers: [{name: e2e-test-httpd-pod, image: httpd:1}]}
            """;

    static Program kubectl(Space space) {
        return kubectl(space, space.world().kubeconfig());
    }

    static Program kubectl(Space space, String kubeconfig) {
        Path binary = space.isSystem() ? Binaries.installedKubectl() : Binaries.kubectl();
        return Program.of(binary, space, kubeconfig);
    }

    @Upstream({
        "[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api"
                + " versions [Conformance]",
        "[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane"
                + " services is included in cluster-info [Conformance]",
        "[sig-cli] Kubectl client Kubectl version should check is all data is printed [Conformance]"
    })
    @InWorlds
    void theServerTellsOfItself(Space space) {
        Program kubectl = kubectl(space);
        assertThat(kubectl.ok("api-versions").lines()).contains("v1", "apps/v1");
        assertThat(kubectl.ok("cluster-info"))
                .contains(
                        "Kubernetes control plane", "is running at", space.world().server().url());
        assertThat(kubectl.ok("version")).contains("Client Version", "Server Version: v1.36");
    }

    @Upstream({
        "[sig-cli] Kubectl client Kubectl run pod should create a pod from an image when restart is"
                + " Never [Conformance]",
        "[sig-cli] Kubectl client Kubectl replace should update a single-container pod's image"
                + " [Conformance]",
        "[sig-cli] Kubectl client Kubectl server-side dry-run should check if kubectl can dry-run"
                + " update Pods [Conformance]",
        "[sig-cli] Kubectl client Kubectl label should update the label on a resource [Conformance]"
    })
    @InWorlds
    void aPodIsRunLabelledAndReplaced(Space space) {
        Program kubectl = kubectl(space);
        String name = "e2e-test-httpd-pod";
        assertThat(kubectl.ok("run", name, "--restart=Never", "--image=httpd:1"))
                .isEqualTo("pod/" + name + " created\n");
        assertThat(space.pods().get(name).path("spec").path("restartPolicy").asString())
                .isEqualTo("Never");
        assertThat(
                        kubectl.ok(
                                "patch",
                                "pod",
                                name,
                                "-p",
                                "{\"spec\":{\"containers\":[{\"name\":\""
                                        + name
                                        + "\",\"image\":\"busybox\"}]}}",
                                "--dry-run=server"))
                .contains("patched");
        assertThat(image(space, name)).isEqualTo("httpd:1");
        assertThat(kubectl.ok("label", "pods", name, "testing-label=testing-label-value"))
                .contains("labeled");
        assertThat(kubectl.ok("get", "pod", name, "-L", "testing-label"))
                .contains("testing-label-value");
        assertThat(kubectl.ok("label", "pods", name, "testing-label-")).contains("unlabeled");
        assertThat(kubectl.ok("get", "pod", name, "-L", "testing-label"))
                .doesNotContain("testing-label-value");
        String changed =
                kubectl.ok("get", "pod", name, "-o", "json").replace("httpd:1", "busybox:1");
        assertThat(kubectl.given(changed, "replace", "-f", "-"))
                .contains("pod/" + name + " replaced");
        assertThat(image(space, name)).isEqualTo("busybox:1");
        assertThat(kubectl.given(POD, "replace", "--force", "-f", "-"))
                .contains("deleted", "pod/" + name + " replaced");
        assertThat(image(space, name)).isEqualTo("httpd:1");
    }

    private static String image(Space space, String pod) {
        return space.pods()
                .get(pod)
                .path("spec")
                .path("containers")
                .path(0)
                .path("image")
                .asString();
    }

    @Upstream({
        "[sig-cli] Kubectl client Update Demo should create and stop a replication controller"
                + " [Conformance]",
        "[sig-cli] Kubectl client Update Demo should scale a replication controller [Conformance]",
        "[sig-cli] Kubectl client Kubectl expose should create services for rc [Conformance]",
        "[sig-cli] Kubectl client Kubectl patch should add annotations for pods in rc"
                + " [Conformance]",
        "[sig-cli] Kubectl client Kubectl describe should check if kubectl describe prints relevant"
                + " information for rc and pods [Conformance]"
    })
    @InWorlds
    void aReplicationControllerIsExposedScaledAndDescribed(Space space) {
        Program kubectl = kubectl(space);
        kubectl.given(
                GarbageIT.CONTROLLER.formatted("agnhost-primary", 2)
                        + """
                        ---
                        apiVersion: v1
                        kind: Service
                        metadata: {name: agnhost-primary}
                        spec: {selector: {name: agnhost-primary}, ports: [{port: 6379, targetPort: 6379}]}
                        """,
                "create",
                "-f",
                "-");
        GarbageIT.controllers(space)
                .await(
                        "agnhost-primary",
                        c -> c.path("status").path("readyReplicas").asInt(0) == 2);
        assertThat(kubectl.ok("scale", "rc", "agnhost-primary", "--replicas=1", "--timeout=5m"))
                .contains("replicationcontroller/agnhost-primary scaled");
        space.pods().awaitCount(1);
        kubectl.ok(
                "expose",
                "rc",
                "agnhost-primary",
                "--name=rm2",
                "--port=1234",
                "--target-port=6379");
        kubectl.ok("expose", "service", "rm2", "--name=rm3", "--port=2345", "--target-port=6379");
        for (String service : List.of("rm2:1234", "rm3:2345")) {
            var port =
                    space.objects("v1", "services")
                            .get(service.split(":")[0])
                            .path("spec")
                            .path("ports")
                            .path(0);
            assertThat(port.path("port").asString()).isEqualTo(service.split(":")[1]);
            assertThat(port.path("targetPort").asInt()).isEqualTo(6379);
        }
        String pod = space.pods().names().getFirst();
        kubectl.ok("patch", "pod", pod, "-p", "{\"metadata\":{\"annotations\":{\"x\":\"y\"}}}");
        assertThat(Metadata.annotation(space.pods().get(pod), "x")).isEqualTo("y");
        assertThat(kubectl.ok("describe", "pod", pod))
                .contains("Name:", "Namespace:", "Labels:", "Status:", "Controlled By:")
                .contains(
                        "ReplicationController/agnhost-primary", "Image:", "State:", "QoS Class:");
        assertThat(kubectl.ok("describe", "rc", "agnhost-primary"))
                .contains("Selector:", "Replicas:", "1 current", "1 desired", "Pods Status:")
                .contains(
                        "1 Running / 0 Waiting / 0 Succeeded / 0 Failed",
                        "Pod Template:",
                        "Events:");
        assertThat(kubectl.ok("describe", "service", "agnhost-primary"))
                .contains(
                        "Selector:",
                        "Type:",
                        "ClusterIP",
                        "Port:",
                        "Endpoints:",
                        "Session Affinity:");
        assertThat(kubectl.ok("describe", "namespace", space.namespace()))
                .contains(
                        "Name:",
                        "Labels:",
                        "Status:",
                        "Active",
                        "No resource quota",
                        "No LimitRange");
        kubectl.ok("delete", "rc,service", "--all", "--grace-period=0");
        space.pods().awaitCount(0);
    }

    @Upstream(
            "[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference"
                    + " for Deployments [Conformance]")
    @InWorlds
    void aDifferenceIsShown(Space space) {
        Program kubectl = kubectl(space);
        kubectl.given(WorkloadIT.deployment("httpd", 1, "httpd:1"), "create", "-f", "-");
        Program.Run run =
                kubectl.run(WorkloadIT.deployment("httpd", 1, "busybox:1"), "diff", "-f", "-");
        assertThat(run.exit()).as(run.err()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("-\\s+- image: httpd:1")
                .containsPattern("\\+\\s+- image: busybox:1");
    }

    @Upstream({
        "[sig-cli] Kubectl client Proxy server should support --unix-socket=/path [Conformance]",
        "[sig-cli] Kubectl client Proxy server should support proxy with --port 0 [Conformance]"
    })
    @InWorlds
    void aProxyServesTheApi(Space space) throws Exception {
        Program kubectl = kubectl(space);
        Path socket = Path.of("/tmp", Space.unique("kubectl-" + ProcessHandle.current().pid()));
        Process proxy =
                new ProcessBuilder(
                                kubectl.binary().toString(),
                                kubectl.always().getFirst(),
                                "proxy",
                                "--unix-socket=" + socket)
                        .redirectErrorStream(true)
                        .start();
        try {
            assertThat(new String(proxy.getInputStream().readNBytes(16), StandardCharsets.UTF_8))
                    .isEqualTo("Starting to serv");
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket));
                channel.write(
                        ByteBuffer.wrap(
                                "GET /api/ HTTP/1.0\r\nHost: localhost\r\n\r\n"
                                        .getBytes(StandardCharsets.UTF_8)));
                assertThat(
                                new String(
                                        Channels.newInputStream(channel).readAllBytes(),
                                        StandardCharsets.UTF_8))
                        .contains("APIVersions");
            }
        } finally {
            proxy.destroy();
            proxy.waitFor();
            Files.deleteIfExists(socket);
        }
    }

    private static final String SCHEMA =
            """
            {openAPIV3Schema: {type: object, description: Foo CRD for Testing, properties: {
              spec: {type: object, description: Specification of Foo, properties: {
                bars: {type: array, description: List of Bars and their specs., items: {
                  type: object, required: [name], properties: {
                    name: {type: string, description: Name of Bar.},
                    age: {type: string, description: Age of Bar.}}}}}},
              status: {type: object, description: Status of Foo}}}}
            """;

    @Upstream(
            "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for"
                    + " CRD with validation schema [Conformance]")
    @InWorlds
    void aSchemaIsCheckedAndExplained(Space space) {
        Definition definition = Definition.of(space, SCHEMA).create();
        Program kubectl = kubectl(space);
        String foo =
                "{\"apiVersion\":\"%s/v1\",\"kind\":\"E2eTest\",\"metadata\":{\"name\":\"test-cr\"},\"spec\":%s}";
        String valid =
                foo.formatted(
                        definition.group(), "{\"bars\":[{\"name\":\"test-bar\",\"age\":\"10\"}]}");
        // Its requests are told where it fails: once it found no such kind, right after it had.
        assertThat(kubectl.given(valid, "create", "-v=6", "-f", "-")).contains("test-cr created");
        assertThat(kubectl.given(valid.replace("10", "11"), "apply", "-v=6", "-f", "-"))
                .contains("configured");
        kubectl.ok("delete", definition.name(), "test-cr");
        for (String verb : List.of("create", "apply")) {
            Program.Run unknown =
                    kubectl.run(
                            foo.formatted(definition.group(), "{\"foo\":true}"), verb, "-f", "-");
            assertThat(unknown.err()).contains("unknown field \"spec.foo\"");
            Program.Run missing =
                    kubectl.run(
                            foo.formatted(definition.group(), "{\"bars\":[{\"age\":\"10\"}]}"),
                            verb,
                            "-f",
                            "-");
            assertThat(missing.err()).contains("spec.bars[0].name: Required value");
        }
        assertThat(kubectl.ok("explain", definition.name()))
                .containsPattern(
                        "(?s)DESCRIPTION:.*Foo CRD for"
                            + " Testing.*FIELDS:.*apiVersion.*<string>.*spec.*<Object>.*Specification"
                            + " of Foo");
        assertThat(kubectl.ok("explain", definition.name() + ".spec.bars"))
                .containsPattern(
                        "(?s)List of Bars and their specs.*age.*<string>.*Age of"
                                + " Bar.*name.*<string>.*-required-.*Name of Bar");
        assertThat(kubectl.fails("explain", definition.name() + ".spec.bars2"))
                .contains("field \"bars2\" does not exist");
    }

    @Upstream({
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
                + " without validation schema [Conformance]",
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
                + " preserving unknown fields at the schema root [Conformance]",
        "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
                + " preserving unknown fields in an embedded object [Conformance]"
    })
    @InWorlds
    void whatIsPreservedIsNotCheckedByKubectl(Space space) {
        String embedded =
                """
                {openAPIV3Schema: {type: object, properties: {spec: {type: object,
                  x-kubernetes-preserve-unknown-fields: true, description: Specification of Waldo,
                  properties: {dummy: {description: Dummy property., type: object}}}}}}
                """;
        for (String schema : List.of(Definition.ANYTHING, embedded)) {
            Definition definition = Definition.of(space, schema).create();
            Program kubectl = kubectl(space);
            String some =
                    "{\"apiVersion\":\"%s/v1\",\"kind\":\"E2eTest\",\"metadata\":{\"name\":\"test-cr\"},\"spec\":{\"a\":null,\"b\":[{\"c\":\"d\"}]}}"
                            .formatted(definition.group());
            assertThat(kubectl.given(some, "create", "-f", "-")).contains("created");
            assertThat(kubectl.given(some.replace("\"d\"", "\"e\""), "apply", "-f", "-"))
                    .contains("configured");
            assertThat(kubectl.ok("explain", definition.name()))
                    .containsPattern("KIND:\\s+E2eTest");
        }
    }
}
