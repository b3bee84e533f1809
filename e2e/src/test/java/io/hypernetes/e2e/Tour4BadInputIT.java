package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a person gets wrong: each gives a clear message and loses nothing. */
@OfTheTour
@Order(4)
class Tour4BadInputIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");

    @Test
    void anUnknownKind() {
        String manifest = "apiVersion: v1\nkind: Pony\nmetadata:\n  name: a\n  namespace: web\n";
        assertThat(
                        alice.kubectlWithInput(manifest, "apply", "--validate=false", "-f", "-")
                                .failed()
                                .output())
                .contains("no matches for kind \"Pony\" in version \"v1\"");
    }

    @Test
    void malformedYaml() {
        assertThat(alice.kubectlWithInput("{kind: [", "apply", "-f", "-").failed().output())
                .containsIgnoringCase("error");
    }

    @Test
    void malformedJsonSentToTheServer() throws IOException {
        Path body = Files.writeString(cloud.file("bad.json"), "{\"kind\": \"ConfigMap\",");
        assertThat(
                        alice.kubectl(
                                        "create",
                                        "--raw",
                                        "/api/v1/namespaces/web/configmaps",
                                        "-f",
                                        body.toString())
                                .failed()
                                .output())
                .contains("BadRequest");
    }

    @Test
    void aBodyOfFiftyMegabytes() throws IOException {
        Path body = cloud.file("large.json");
        Files.writeString(
                body,
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"large\"},\"data\":{\"x\":\""
                        + "x".repeat(50 << 20)
                        + "\"}}");
        assertThat(
                        alice.kubectl(
                                        "create",
                                        "--raw",
                                        "/api/v1/namespaces/web/configmaps",
                                        "-f",
                                        body.toString())
                                .failed()
                                .output())
                .contains("limit is 3145728");
    }

    @Test
    void anInvalidName() {
        assertThat(
                        alice.kubectl("-n", "web", "create", "configmap", "Not_A_Name")
                                .failed()
                                .output())
                .contains("a lowercase RFC 1123 subdomain must consist of");
    }

    @Test
    void anUnknownField() {
        String manifest =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: typo, namespace: web}
                spec:
                  containers:
                    - {name: a, image: hypernetes/hello, imagePullPolice: Never}
                """;
        assertThat(alice.kubectlWithInput(manifest, "apply", "-f", "-").failed().output())
                .contains("unknown field \"spec.containers[0].imagePullPolice\"");
    }

    @Test
    void anImageThatDoesNotExist() {
        alice.kubectl("-n", "web", "run", "noimage", "--image=localhost:1/no/such:image")
                .succeeded();
        Cloud.await(
                "ErrImagePull",
                () -> {
                    String reason =
                            alice.jsonpath(
                                    "web",
                                    "pod/noimage",
                                    "{.status.containerStatuses[0].state.waiting.reason}");
                    return reason.equals("ErrImagePull") || reason.equals("ImagePullBackOff");
                });
        assertThat(alice.kubectl("-n", "web", "describe", "pod", "noimage").succeeded().output())
                .contains("Failed to pull image \"localhost:1/no/such:image\"");
        alice.kubectl("-n", "web", "delete", "pod", "noimage", "--timeout=90s").succeeded();
    }

    @Test
    void aPodLargerThanTheNode() {
        alice.kubectl(
                        "-n",
                        "web",
                        "run",
                        "huge",
                        "--image=hypernetes/hello",
                        "--overrides={\"spec\":{\"containers\":[{\"name\":\"huge\",\"image\":\"hypernetes/hello\",\"resources\":{\"requests\":{\"memory\":\"100Ti\"}}}]}}")
                .succeeded();
        Cloud.await(
                "FailedScheduling",
                () ->
                        alice.kubectl("-n", "web", "describe", "pod", "huge")
                                .output()
                                .contains("Insufficient memory"));
        assertThat(alice.jsonpath("web", "pod/huge", "{.status.phase}")).isEqualTo("Pending");
        alice.kubectl("-n", "web", "delete", "pod", "huge", "--timeout=90s").succeeded();
    }

    @Test
    void whatWouldTouchTheHostIsRefused() {
        for (String spec :
                new String[] {
                    "{\"hostNetwork\":true}",
                    "{\"hostPID\":true}",
                    "{\"volumes\":[{\"name\":\"h\",\"hostPath\":{\"path\":\"/\"}}]}"
                }) {
            assertThat(
                            alice.kubectl(
                                            "-n",
                                            "web",
                                            "run",
                                            "escape",
                                            "--image=hypernetes/hello",
                                            "--overrides={\"spec\":" + spec + "}")
                                    .failed()
                                    .output())
                    .containsIgnoringCase("forbidden");
        }
    }

    @Test
    void aPortThatIsTaken() {
        Cloud second = new Cloud("hn-taken");
        Outcome up = second.hypernetes("up", "--port", Integer.toString(cloud.port()));
        assertThat(up.failed().output()).contains("Choose another with --port");
        second.forget();
    }

    @Test
    void nothingWasLost() {
        alice.awaitReady("web", "hello", "visitor");
    }
}
