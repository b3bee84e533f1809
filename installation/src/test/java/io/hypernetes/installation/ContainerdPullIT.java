package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An image for the operator's pods on containerd, from a registry that wants a password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerdPullIT {

    private static final String OPERATOR = "operator";

    private NodeCloud cloud;
    private ContainerdService containerd;
    private SmallRegistry registry;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        registry =
                new SmallRegistry(
                        ContainerdService.image(
                                cloud.file("."), NodeCloud.guest(), "of/a/secret:v1", "{}"));
        containerd = ContainerdService.of(cloud);
    }

    @AfterAll
    void stop() throws Exception {
        containerd.close();
        registry.close();
    }

    /** Upstream's pull policies and secrets, with the image in containerd's own store. */
    @Test
    void containerdPullsWithThePodsSecret() {
        String image = registry.address() + "/app:v1";
        String pod =
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: pulled}
                spec:
                  runtimeClassName: containerd
                  hostNetwork: true
                  terminationGracePeriodSeconds: 0
                  imagePullSecrets: [{name: %s}]
                  containers:
                  - {name: main, image: "%s", imagePullPolicy: %s, command: [/bin/busybox, sleep, "100000"]}
                """;
        cloud.apply(OPERATOR, pod.formatted("none", image, "Never"));
        cloud.await(
                "its absence",
                () -> cloud.events(OPERATOR, "pulled").contains("ErrImageNeverPull"));
        delete();
        cloud.apply(OPERATOR, pod.formatted("none", image, "Always"));
        cloud.await(
                "the refusal",
                () -> cloud.events(OPERATOR, "pulled").contains("Error: ImagePullBackOff"));
        assertThat(cloud.events(OPERATOR, "pulled"))
                .contains("Unable to retrieve some image pull secrets (none)")
                .contains("Failed to pull image \"" + image + "\": ");
        delete();
        cloud.kubectl(
                        OPERATOR,
                        "create",
                        "secret",
                        "docker-registry",
                        "small",
                        "--docker-server=" + registry.address(),
                        "--docker-username=alice",
                        "--docker-password=secret")
                .succeeded();
        try {
            cloud.apply(OPERATOR, pod.formatted("small", image, "Always"));
            cloud.awaitReady(OPERATOR, "pulled");
            assertThat(cloud.events(OPERATOR, "pulled"))
                    .contains("Successfully pulled image \"" + image + "\" in ");
            assertThat(containerd.ctr("images", "ls", "-q")).contains(image);
            assertThat(
                            cloud.get(OPERATOR, "pod", "pulled")
                                    .at("/status/containerStatuses/0/imageID")
                                    .asString())
                    .contains("sha256:");
        } finally {
            delete();
            cloud.kubectl(OPERATOR, "delete", "secret", "small").succeeded();
            containerd.cri("rmi", image);
        }
    }

    private void delete() {
        cloud.kubectl(OPERATOR, "delete", "pod", "pulled", "--now").succeeded();
    }
}
