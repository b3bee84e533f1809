package io.hypernetes.installation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
                bin_dir = "%4$s/bin"
                conf_dir = "%4$s/net.d"
            """;

    private final Path folder;
    private final Path socket;
    private Process process;

    /** That of an installation on one machine. */
    static ContainerdService of(NodeCloud cloud) throws IOException {
        return new ContainerdService(
                Files.createTempDirectory(cloud.data(), "containerd"),
                NodeCloud.containerd(cloud.data()),
                cloud.data().resolve("cni"),
                NodeCloud.guest());
    }

    /**
     * @param socket that it is to listen on
     * @param networks the CNI plug-in of the node and its configuration
     */
    ContainerdService(Path folder, Path socket, Path networks, Path guest) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.socket = socket;
        Files.writeString(
                folder.resolve("config.toml"), CONFIG.formatted(folder, socket, PAUSE, networks));
        this.process = launch();
        ctr("images", "import", guest.resolve("hello.tar").toString());
        ctr("images", "import", pause(folder, guest).toString());
    }

    /** The image that sandboxes are made of: it waits. */
    private static Path pause(Path folder, Path guest) throws IOException {
        return image(folder, guest, PAUSE, "{\"Cmd\":[\"/bin/busybox\",\"sleep\",\"2147483647\"]}");
    }

    /**
     * An image that has {@code /bin/busybox} alone, as an OCI layout.
     *
     * @param config of the image, as JSON
     */
    static Path image(Path folder, Path guest, String name, String config) throws IOException {
        Path root = Files.createTempDirectory(folder, "image");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        Path image = root.resolveSibling(root.getFileName() + ".tar");
        NodeCloud.run(
                        "",
                        List.of(
                                guest.resolve("../oci-layout").normalize().toString(),
                                root.toString(),
                                name,
                                config,
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

    /** By our own crictl. */
    NodeCloud.Run cri(String... words) {
        List<String> command = new ArrayList<>(Commands.program("cri"));
        command.addAll(List.of(words));
        command.addAll(1 + command.indexOf(words[0]), List.of("-r", socket.toString()));
        return NodeCloud.run("", command);
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
