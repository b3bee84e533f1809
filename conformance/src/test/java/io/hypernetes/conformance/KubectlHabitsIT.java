package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/** What engineers type, and what kubectl answers them; two kubectls as in {@link KubectlIT}. */
final class KubectlHabitsIT {
    private static final String MAP =
            """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: %s, labels: {app: pruned}}
            data: {key: value}
            """;

    @InWorlds
    void whatIsNoLongerAppliedIsPruned(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        String[] prune = {
            "apply", "-f", "-", "--prune", "-l", "app=pruned", "--prune-allowlist=core/v1/ConfigMap"
        };
        assertThat(kubectl.given(MAP.formatted("one") + MAP.formatted("two"), prune))
                .contains("configmap/one created", "configmap/two created");
        assertThat(kubectl.given(MAP.formatted("one"), prune))
                .contains("configmap/one unchanged", "configmap/two pruned");
        assertThat(space.configMaps().exists("two")).isFalse();
    }

    @InWorlds
    void objectsAreEditedPatchedLabelledAndWaitedFor(Space space) throws Exception {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.ok("create", "configmap", "m", "--from-literal=key=value");
        Path editor = Path.of(kubectl.file("editor", "#!/bin/sh\nsed -i s/value/edited/ \"$1\"\n"));
        Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(
                        kubectl.with(Map.of("KUBE_EDITOR", editor.toString()))
                                .ok("edit", "configmap", "m"))
                .isEqualTo("configmap/m edited\n");
        assertThat(
                        kubectl.ok(
                                "patch",
                                "configmap",
                                "m",
                                "--type=json",
                                "-p=[{\"op\":\"test\",\"path\":\"/data/key\",\"value\":\"edited\"}]"))
                .isEqualTo("configmap/m patched (no change)\n");
        assertThat(
                        kubectl.ok(
                                "patch",
                                "configmap",
                                "m",
                                "--type=merge",
                                "-p={\"data\":{\"a\":\"b\"}}"))
                .isEqualTo("configmap/m patched\n");
        assertThat(kubectl.ok("annotate", "configmap", "m", "why=because"))
                .isEqualTo("configmap/m annotated\n");
        assertThat(kubectl.fails("annotate", "configmap", "m", "why=other"))
                .contains("--overwrite is false but found the following declared annotation(s)");
        assertThat(kubectl.ok("wait", "configmap/m", "--for=jsonpath={.data.key}=edited"))
                .isEqualTo("configmap/m condition met\n");
        assertThat(kubectl.ok("delete", "configmap", "m")).contains("configmap \"m\" deleted");
        assertThat(kubectl.fails("get", "configmap", "m"))
                .isEqualTo("Error from server (NotFound): configmaps \"m\" not found\n");
        assertThat(kubectl.fails("get", "nothings"))
                .isEqualTo("error: the server doesn't have a resource type \"nothings\"\n");
    }

    @InWorlds
    void aDeploymentIsSetScaledAndRolledOut(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        assertThat(kubectl.ok("create", "deployment", "web", "--image=nginx:1"))
                .isEqualTo("deployment.apps/web created\n");
        assertThat(kubectl.ok("set", "image", "deployment/web", "nginx=nginx:2"))
                .isEqualTo("deployment.apps/web image updated\n");
        assertThat(kubectl.ok("set", "env", "deployment/web", "A=b"))
                .isEqualTo("deployment.apps/web env updated\n");
        assertThat(kubectl.ok("set", "resources", "deployment/web", "--limits=cpu=1"))
                .isEqualTo("deployment.apps/web resource requirements updated\n");
        assertThat(kubectl.ok("rollout", "status", "deployment/web", "--timeout=120s"))
                .contains("deployment \"web\" successfully rolled out");
        assertThat(kubectl.ok("rollout", "restart", "deployment/web"))
                .isEqualTo("deployment.apps/web restarted\n");
        assertThat(
                        kubectl.ok(
                                "wait",
                                "--for=condition=Available",
                                "deployment/web",
                                "--timeout=120s"))
                .isEqualTo("deployment.apps/web condition met\n");
        assertThat(kubectl.ok("autoscale", "deployment", "web", "--min=1", "--max=3"))
                .contains("horizontalpodautoscaler.autoscaling/web autoscaled");
        assertThat(kubectl.ok("get", "hpa")).contains("Deployment/web").containsPattern("1\\s+3");
    }

    @InWorlds
    void rightsAndTokensAreAskedFor(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.ok("create", "serviceaccount", "robot");
        assertThat(kubectl.ok("create", "token", "robot").split("\\.")).hasSize(3);
        kubectl.ok("create", "role", "reader", "--verb=get,list", "--resource=pods");
        kubectl.ok(
                "create",
                "rolebinding",
                "robot",
                "--role=reader",
                "--serviceaccount=" + space.namespace() + ":robot");
        Program robot =
                KubectlIT.kubectl(
                        space,
                        space.world()
                                .kubeconfig(
                                        "system:serviceaccount:" + space.namespace() + ":robot"));
        assertThat(robot.ok("auth", "can-i", "--list")).containsPattern("pods\\s.*\\[get list\\]");
        assertThat(robot.ok("auth", "can-i", "get", "pods")).isEqualTo("yes\n");
        assertThat(robot.run("", "auth", "can-i", "delete", "pods"))
                .satisfies(run -> assertThat(run.exit()).isEqualTo(1))
                .satisfies(run -> assertThat(run.out()).isEqualTo("no\n"));
        assertThat(robot.fails("get", "secrets"))
                .contains(
                        "Error from server (Forbidden): secrets is forbidden: User"
                                + " \"system:serviceaccount:");
    }

    @InWorlds
    void aKustomizationIsAppliedAndEverythingIsTriedDry(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.file("map.yaml", MAP.formatted("base"));
        kubectl.file(
                "kustomization.yaml",
                "resources: [map.yaml]\n"
                        + "namePrefix: pre-\n"
                        + "configMapGenerator: [{name: made, literals: [a=b]}]\n");
        assertThat(kubectl.ok("apply", "-k", kubectl.folder().toString()))
                .contains("configmap/pre-base created")
                .containsPattern("configmap/pre-made-\\w+ created");
        for (List<String> made :
                List.of(
                        List.of("job", "j", "--image=i"),
                        List.of("cronjob", "c", "--image=i", "--schedule=* * * * *"),
                        List.of("secret", "generic", "s", "--from-literal=a=b"),
                        List.of("service", "nodeport", "n", "--tcp=80"),
                        List.of("ingress", "i", "--rule=foo.com/=svc:80"),
                        List.of("quota", "q", "--hard=pods=1"),
                        List.of(
                                "poddisruptionbudget",
                                "p",
                                "--min-available=1",
                                "--selector=a=b"))) {
            List<String> command = new ArrayList<>(List.of("create"));
            command.addAll(made);
            command.add("--dry-run=server");
            assertThat(kubectl.ok(command.toArray(String[]::new)))
                    .endsWith(" created (server dry run)\n");
        }
        assertThat(space.objects("batch/v1", "jobs").list()).isEmpty();
    }

    @InWorlds(systemOnly = "nodes are the operator's")
    void aNodeIsTaintedCordonedAndDrained(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        String node = Space.unique("drained");
        space.cluster("v1", "nodes")
                .create("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node));
        assertThat(kubectl.ok("taint", "nodes", node, "dedicated=x:NoSchedule"))
                .isEqualTo("node/" + node + " tainted\n");
        assertThat(kubectl.ok("taint", "nodes", node, "dedicated-"))
                .isEqualTo("node/" + node + " untainted\n");
        assertThat(kubectl.ok("cordon", node)).isEqualTo("node/" + node + " cordoned\n");
        assertThat(kubectl.ok("get", "node", node)).contains("SchedulingDisabled");
        assertThat(kubectl.ok("drain", node)).contains("node/" + node + " drained");
        assertThat(kubectl.ok("uncordon", node)).isEqualTo("node/" + node + " uncordoned\n");
        assertThat(Metadata.name(space.cluster("v1", "nodes").get(node))).isEqualTo(node);
    }

    @InWorlds(systemOnly = "only an operator looks over all tenants")
    void objectsOfAllTenantsAreShownWithTheirTenant(Space space) {
        Program operator = KubectlIT.kubectl(space);
        String one = Space.unique("one");
        String two = Space.unique("two");
        for (String tenant : List.of(one, two)) {
            operator.given(
                    "apiVersion: hypernetes.io/v1\nkind: Tenant\nmetadata:\n  name: %s\n"
                            .formatted(tenant),
                    "create",
                    "-f",
                    "-");
            operator.ok(
                    "wait",
                    "tenant/" + tenant,
                    "--for=jsonpath={.status.phase}=Active",
                    "--timeout=60s");
        }
        Program everyone =
                KubectlIT.kubectl(
                        space,
                        space.world()
                                .kubeconfig()
                                .replaceFirst(
                                        "https://[0-9.]+:[0-9]+",
                                        "$0/tenants/" + Matcher.quoteReplacement("*")));
        assertThat(everyone.ok("get", "namespaces"))
                .containsPattern("(?m)^TENANT +NAME +STATUS +AGE$")
                .containsPattern("(?m)^" + one + " +default +Active ")
                .containsPattern("(?m)^" + two + " +default +Active ");
        assertThat(everyone.ok("get", "networks.hypernetes.io", "-o", "wide"))
                .containsPattern("(?m)^" + one + " +default ");
        assertThat(everyone.ok("get", "namespaces", "-o", "json"))
                .contains("\"hypernetes.io/tenant\": \"" + one + "\"");
        assertThat(operator.ok("get", "namespaces")).doesNotContain("TENANT");
        operator.ok("delete", "tenant", one, two, "--wait=false");
    }
}
