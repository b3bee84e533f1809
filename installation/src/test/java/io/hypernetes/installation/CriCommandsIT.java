package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.node.crictl.CriTool;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code hypernetes cri} changes, by itself and behind the node agent's back, at both of a
 * machine's runtimes, with an image from a registry that wants a password.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CriCommandsIT {

    private static final String OPERATOR = "operator";

    private static final String SANDBOX =
            """
            metadata: {name: by-hand, namespace: nowhere, uid: by-hand-%1$s}
            log_directory: %2$s
            linux: {security_context: {namespace_options: {network: %3$s}}}
            """;

    private static final String CONTAINER =
            """
            metadata: {name: main}
            image: {image: %s}
            command: [/bin/busybox, sh, -c, "echo said; trap 'exit 3' TERM; while :; do /bin/busybox sleep 0.1; done"]
            log_path: main.log
            """;

    /** A runtime, and what is different about it. */
    private enum Runtime {
        HYPER("POD", "restartPolicy: Always"),
        CONTAINERD("NODE", "runtimeClassName: containerd, hostNetwork: true");

        private final String network;
        private final String spec;

        /**
         * @param network of a sandbox that is made by hand
         * @param spec what a pod says to be run by it
         */
        Runtime(String network, String spec) {
            this.network = network;
            this.spec = spec;
        }
    }

    private NodeCloud cloud;
    private ContainerdService containerd;
    private SmallRegistry registry;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        // Not one that containerd has by another name: it forgets all names of an image at once.
        registry =
                new SmallRegistry(
                        ContainerdService.image(
                                cloud.file("."), NodeCloud.guest(), "by/hand:v1", "{}"));
        containerd = ContainerdService.of(cloud);
    }

    @AfterAll
    void stop() throws Exception {
        containerd.close();
        registry.close();
    }

    private NodeCloud.Run cri(Runtime runtime, String... words) {
        if (runtime == Runtime.CONTAINERD) {
            return containerd.cri(words);
        }
        List<String> command = new ArrayList<>(Commands.program("cri"));
        command.addAll(List.of(words));
        command.addAll(1 + command.indexOf(words[0]), List.of("--data", cloud.data().toString()));
        return NodeCloud.run("", command);
    }

    /** The last line of what a command says, which is all that matters of it. */
    private String said(Runtime runtime, String... words) {
        return cri(runtime, words).text().lines().reduce("", (_, last) -> last);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(cloud.file(name), text);
    }

    @ParameterizedTest
    @EnumSource(Runtime.class)
    void aPodIsMadeAndEndedByHand(Runtime runtime) throws IOException {
        String image = image();
        NodeCloud.Run wrong = cri(runtime, "pull", "--creds", "alice:guessed", image);
        assertThat(wrong.exit()).isNotZero();
        assertThat(wrong.output()).contains(image);
        assertThat(said(runtime, "pull", "--creds", "alice:secret", image))
                .startsWith("Image is up to date for ");

        Path sandbox =
                write(
                        "by-hand-pod-" + runtime,
                        SANDBOX.formatted(
                                runtime, cloud.file("by-hand-" + runtime), runtime.network));
        Path config = write("by-hand-container-" + runtime, CONTAINER.formatted(image));
        String pod = said(runtime, "runp", sandbox.toString());
        String id = said(runtime, "create", pod, config.toString(), sandbox.toString());
        try (CriTool tool = CriTool.open(socket(runtime), NodeCloud.PATIENCE)) {
            assertThat(state(tool, id)).isEqualTo(ContainerState.CONTAINER_CREATED);
            assertThat(said(runtime, "start", id)).isEqualTo(id);
            Path log = Path.of(tool.inspectContainer(id).getStatus().getLogPath());
            cloud.await("its output", () -> ContainerdIT.text(log).contains("said"));
            String start = id.substring(0, 13);
            assertThat(said(runtime, "stop", "-t", "30", start)).isEqualTo("Stopped " + start);
            assertThat(state(tool, id)).isEqualTo(ContainerState.CONTAINER_EXITED);
            assertThat(tool.inspectContainer(id).getStatus().getExitCode()).isEqualTo(3);
            assertThat(said(runtime, "rm", id)).isEqualTo("Removed " + id);
            assertThat(tool.containers(ContainerFilter.newBuilder().setId(id).build())).isEmpty();

            assertThat(said(runtime, "stopp", pod)).isEqualTo("Stopped sandbox " + pod);
            assertThat(tool.inspectPod(pod).getStatus().getState())
                    .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
            assertThat(said(runtime, "rmp", pod)).isEqualTo("Removed sandbox " + pod);
            assertThat(tool.pods(PodSandboxFilter.newBuilder().setId(pod).build())).isEmpty();
            assertThat(tool.inspectImage(image).getImage().getRepoTagsList()).contains(image);
            assertThat(said(runtime, "rmi", image)).isEqualTo("Deleted: " + image);
            assertThatThrownBy(() -> tool.inspectImage(image))
                    .hasMessageContaining("no such image");
        }
    }

    private static ContainerState state(CriTool tool, String container) {
        return tool.inspectContainer(container).getStatus().getState();
    }

    private Path socket(Runtime runtime) {
        return switch (runtime) {
            case HYPER -> cloud.data().resolve("run/hyper.sock");
            case CONTAINERD -> NodeCloud.containerd(cloud.data());
        };
    }

    private String image() {
        return registry.address() + "/app:v1";
    }

    /** What is taken from under the node agent, it makes again. */
    @ParameterizedTest
    @EnumSource(Runtime.class)
    void thePodOfTheApiComesBackWhenItIsEndedByHand(Runtime runtime) {
        cloud.apply(
                OPERATOR,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: ended}
                spec:
                  {%s, terminationGracePeriodSeconds: 0, containers: [
                    {name: main, image: hypernetes/hello, imagePullPolicy: IfNotPresent,
                     command: [sleep, "100000"]}]}
                """
                        .formatted(runtime.spec));
        cloud.awaitReady(OPERATOR, "ended");
        PodSandboxFilter mine =
                PodSandboxFilter.newBuilder()
                        .putLabelSelector("io.kubernetes.pod.name", "ended")
                        .build();
        try (CriTool tool = CriTool.open(socket(runtime), NodeCloud.PATIENCE)) {
            String pod = tool.pods(mine).getFirst().getId();
            ContainerFilter inside = ContainerFilter.newBuilder().setPodSandboxId(pod).build();
            cri(runtime, "stop", tool.containers(inside).getFirst().getId()).succeeded();
            cloud.await("its restart", () -> restarts() == 1);
            cri(runtime, "stopp", pod).succeeded();
            cloud.await(
                    "its new sandbox",
                    () -> tool.pods(mine).stream().noneMatch(now -> now.getId().equals(pod)));
            cloud.awaitReady(OPERATOR, "ended");
            assertThat(cloud.events(OPERATOR, "ended")).contains("SandboxChanged");
            cloud.kubectl(OPERATOR, "delete", "pod", "ended", "--now").succeeded();
            cloud.await("its end", () -> tool.pods(mine).isEmpty());
        }
    }

    private int restarts() {
        return cloud.get(OPERATOR, "pod", "ended")
                .at("/status/containerStatuses/0/restartCount")
                .asInt();
    }
}
