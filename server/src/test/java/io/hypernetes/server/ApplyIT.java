package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Server-side apply and {@code managedFields}, as kubectl uses and shows them. */
class ApplyIT {
    private static final String MAP =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: NAME, labels: {app: web}}
            data: {color: red, size: small}
            """;

    @TempDir static Path folder;

    private static TestServer server;
    private static Kubectl alice;
    private static Kubectl bob;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        alice = new Kubectl(folder, server.kubeconfig(folder, TestServer.ALICE, ""));
        bob = new Kubectl(folder, server.kubeconfig(folder, TestServer.BOB, ""));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String map(String name) {
        return MAP.replace("NAME", name);
    }

    private static ObjectNode shown(Kubectl kubectl, String name) throws Exception {
        String json =
                kubectl.ok("", "get", "configmap", name, "-o", "json", "--show-managed-fields");
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code kubectl Apply}, {@code kubectl-edit Update}, … in their order. */
    private static List<String> managers(Kubectl kubectl, String name) throws Exception {
        List<String> managers = new ArrayList<>();
        for (JsonNode entry : shown(kubectl, name).path("metadata").path("managedFields")) {
            managers.add(
                    entry.path("manager").asString() + " " + entry.path("operation").asString());
        }
        return managers;
    }

    @Test
    void aConfigurationIsAppliedChangedAndShrunk() throws Exception {
        assertThat(alice.ok(map("flow"), "apply", "--server-side", "-f", "-"))
                .isEqualTo("configmap/flow serverside-applied\n");
        ObjectNode first = shown(alice, "flow");
        JsonNode entry = first.path("metadata").path("managedFields").path(0);
        assertThat(entry.path("manager").asString()).isEqualTo("kubectl");
        assertThat(entry.path("operation").asString()).isEqualTo("Apply");
        assertThat(entry.path("apiVersion").asString()).isEqualTo("v1");
        assertThat(Json.text(entry.path("fieldsV1")))
                .isEqualTo(
                        "{\"f:data\":{\"f:color\":{},\"f:size\":{}},"
                                + "\"f:metadata\":{\"f:labels\":{\"f:app\":{}}}}");

        alice.ok(map("flow"), "apply", "--server-side", "-f", "-");
        assertThat(shown(alice, "flow")).isEqualTo(first);

        alice.ok(map("flow").replace(", size: small", ""), "apply", "--server-side", "-f", "-");
        ObjectNode shrunk = shown(alice, "flow");
        assertThat(shrunk.path("data")).isEqualTo(Json.object().put("color", "red"));
    }

    @Test
    void aConflictNamesTheManagerAndForceTakesTheField() throws Exception {
        alice.ok(map("fight"), "apply", "--server-side", "-f", "-");
        String green = map("fight").replace("red", "green");
        Kubectl.Run refused =
                alice.run(green, "apply", "--server-side", "--field-manager=other", "-f", "-");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.color")
                .contains("--force-conflicts");
        alice.ok(
                green,
                "apply",
                "--server-side",
                "--field-manager=other",
                "--force-conflicts",
                "-f",
                "-");
        ObjectNode taken = shown(alice, "fight");
        assertThat(taken.path("data").path("color").asString()).isEqualTo("green");
        JsonNode loser = taken.path("metadata").path("managedFields").path(0);
        assertThat(loser.path("manager").asString()).isEqualTo("kubectl");
        assertThat(loser.path("fieldsV1").path("f:data").has("f:color")).isFalse();
        // Both said it: it stays until both no longer do.
        String without = map("fight").replace(", size: small", "");
        alice.ok(
                without.replace("red", "green"),
                "apply",
                "--server-side",
                "--field-manager=other",
                "-f",
                "-");
        assertThat(shown(alice, "fight").path("data").has("size")).isTrue();
    }

    @Test
    void everyWayOfWritingLeavesItsName() throws Exception {
        alice.ok("", "create", "configmap", "ways", "--from-literal=a=b");
        assertThat(managers(alice, "ways")).containsExactly("kubectl-create Update");
        alice.ok("", "label", "configmap", "ways", "x=y");
        alice.ok("", "annotate", "configmap", "ways", "x=y");
        alice.ok("", "patch", "configmap", "ways", "-p", "{\"data\":{\"c\":\"d\"}}");
        Path editor = folder.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\nsed -i 's/a: b/a: edited/' \"$1\"\n");
        assertThat(editor.toFile().setExecutable(true)).isTrue();
        Kubectl.Run edited =
                alice.run(
                        Map.of("KUBE_EDITOR", editor.toString()), "", "edit", "configmap", "ways");
        assertThat(edited.exit()).as(edited.err()).isZero();
        assertThat(managers(alice, "ways"))
                .containsExactlyInAnyOrder(
                        "kubectl-label Update",
                        "kubectl-annotate Update",
                        "kubectl-patch Update",
                        "kubectl-edit Update",
                        "kubectl-create Update");
    }

    @Test
    void theWayFromTheClientsSideToTheServersIsFree() throws Exception {
        alice.ok(map("moves"), "apply", "-f", "-");
        assertThat(managers(alice, "moves")).containsExactly("kubectl-client-side-apply Update");
        assertThat(alice.ok("", "apply", "view-last-applied", "configmap", "moves"))
                .contains("color: red");
        String green = map("moves").replace("red", "green");
        alice.ok(green, "apply", "--server-side", "-f", "-");
        assertThat(managers(alice, "moves")).contains("kubectl Apply");
        assertThat(alice.ok("", "apply", "view-last-applied", "configmap", "moves"))
                .contains("color: green");
    }

    @Test
    void diffTellsWhatWouldChangeAndChangesNothing() throws Exception {
        alice.ok(map("diff"), "apply", "--server-side", "-f", "-");
        String version = shown(alice, "diff").path("metadata").path("resourceVersion").asString();
        for (String mode : List.of("--server-side=true", "--server-side=false")) {
            Kubectl.Run diff =
                    alice.run(map("diff").replace("red", "green"), "diff", mode, "-f", "-");
            assertThat(diff.exit()).as(diff.err()).isEqualTo(1);
            assertThat(diff.out()).contains("-  color: red").contains("+  color: green");
        }
        Kubectl.Run same = alice.run(map("diff"), "diff", "--server-side", "-f", "-");
        assertThat(same.exit()).as(same.out() + same.err()).isZero();
        Kubectl.Run news = alice.run(map("newer"), "diff", "--server-side", "-f", "-");
        assertThat(news.exit()).as(news.err()).isEqualTo(1);
        assertThat(alice.run("", "get", "configmap", "newer").exit()).isEqualTo(1);
        assertThat(shown(alice, "diff").path("metadata").path("resourceVersion").asString())
                .isEqualTo(version);
    }

    @Test
    void aFieldThatNobodyKnowsIsRefused() throws Exception {
        Kubectl.Run refused =
                alice.run(
                        map("bad").replace("\ndata:", "\ndato:"),
                        "apply",
                        "--server-side",
                        "--validate=false",
                        "-f",
                        "-");
        assertThat(refused.err())
                .contains(
                        "failed to create typed patch object (default/bad; /v1, Kind=ConfigMap):"
                                + " .dato: field not declared in schema");
    }

    @Test
    void tenantsOwnTheirOwn() throws Exception {
        alice.ok(map("twin"), "apply", "--server-side", "-f", "-");
        bob.ok(
                map("twin").replace("red", "blue"),
                "apply",
                "--server-side",
                "--field-manager=bobs",
                "-f",
                "-");
        assertThat(managers(alice, "twin")).containsExactly("kubectl Apply");
        assertThat(managers(bob, "twin")).containsExactly("bobs Apply");
        assertThat(shown(alice, "twin").path("data").path("color").asString()).isEqualTo("red");
    }
}
