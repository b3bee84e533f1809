package io.hypernetes.bench;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An installation of its own for the measurements, driven by the launcher. */
public final class Installed implements AutoCloseable {

    private final Path home;
    private final Path folder;
    private final int port;

    public Installed(Path home) throws IOException {
        this.home = home;
        this.folder = Files.createTempDirectory("hn-bench");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
    }

    public Path data() {
        return folder.resolve("data");
    }

    public Kubeconfig operator() throws IOException {
        return Kubeconfig.read(data().resolve("operator.kubeconfig"));
    }

    /** Runs {@code ./hypernetes up}; nanoseconds until it returned. */
    public long up() throws IOException, InterruptedException {
        return run("up", "--port", Integer.toString(port));
    }

    long run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("hypernetes").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data().toString()));
        Path log = folder.resolve("launcher.log");
        long start = System.nanoTime();
        int exit =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                        .start()
                        .waitFor();
        long took = System.nanoTime() - start;
        if (exit != 0) {
            throw new IOException(
                    "'" + String.join(" ", command) + "' failed: " + Files.readString(log));
        }
        return took;
    }

    public long serverPid() throws IOException {
        return Long.parseLong(Files.readString(data().resolve("run/server")).split(" ")[0]);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("down", "--purge");
        Files.deleteIfExists(folder.resolve("launcher.log"));
        Files.deleteIfExists(folder);
    }
}
