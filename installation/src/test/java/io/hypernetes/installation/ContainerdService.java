package io.hypernetes.installation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real containerd of this test's own, with the image hypernetes/hello and one to hold sandboxes;
 * nothing of it is left when it is closed.
 */
final class ContainerdService implements AutoCloseable {

    private static final String PAUSE = "hypernetes/pause:latest";

    private static final String CONFIG =
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            [grpc]
              address = "%2$s"
            [ttrpc]
              address = "%2$s.ttrpc"
            [plugins."io.containerd.internal.v1.opt"]
              path = "%1$s/opt"
            [plugins."io.containerd.grpc.v1.cri"]
              sandbox_image = "docker.io/%3$s"
              disable_apparmor = true
              restrict_oom_score_adj = true
              disable_hugetlb_controller = true
              enable_unprivileged_ports = false
              [plugins."io.containerd.grpc.v1.cri".containerd]
                snapshotter = "native"
                default_runtime_name = "runc"
                [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                  runtime_type = "io.containerd.runc.v2"
                  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                    SystemdCgroup = false
              [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "/usr/lib/cni"
                conf_dir = "%1$s/cni"
            """;

    private final Path folder;
    private final Path socket;
    private Process process;

    /**
     * @param socket that it is to listen on
     */
    ContainerdService(Path folder, Path socket, Path guest) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.socket = socket;
        Files.createDirectories(folder.resolve("cni"));
        Files.writeString(folder.resolve("config.toml"), CONFIG.formatted(folder, socket, PAUSE));
        this.process = launch();
        ctr("images", "import", guest.resolve("hello.tar").toString());
        ctr("images", "import", pause(folder, guest).toString());
    }

    /** The image that sandboxes are made of: it waits. */
    private static Path pause(Path folder, Path guest) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("pause/bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        Path image = folder.resolve("pause.tar");
        NodeCloud.run(
                        "",
                        List.of(
                                guest.resolve("../oci-layout").normalize().toString(),
                                folder.resolve("pause").toString(),
                                PAUSE,
                                "{\"Cmd\":[\"/bin/busybox\",\"sleep\",\"2147483647\"]}",
                                image.toString()))
                .succeeded();
        return image;
    }

    private Process launch() throws IOException {
        Process started =
                new ProcessBuilder(
                                "containerd", "--config", folder.resolve("config.toml").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        folder.resolve("containerd.log").toFile()))
                        .start();
        long end = System.nanoTime() + NodeCloud.PATIENCE.toNanos();
        while (NodeCloud.run("", List.of("ctr", "-a", socket.toString(), "version")).exit() != 0) {
            if (!started.isAlive() || System.nanoTime() > end) {
                started.destroyForcibly();
                throw new AssertionError(Files.readString(folder.resolve("containerd.log")));
            }
        }
        return started;
    }

    /** As an operator would ask it. */
    String ctr(String... arguments) {
        List<String> command =
                Stream.concat(
                                Stream.of("ctr", "-a", socket.toString(), "-n", "k8s.io"),
                                Stream.of(arguments))
                        .toList();
        return NodeCloud.run("", command).text();
    }

    /** Ends it at once; what it runs goes on. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws IOException {
        process = launch();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(NodeCloud.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        groups();
    }

    /** The folder of groups stays behind the last container. */
    private static void groups() {
        for (File controller : Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles())) {
            // False when there is none, or somebody else's containers are in it.
            boolean unused = new File(controller, "k8s.io").delete();
        }
    }
}
