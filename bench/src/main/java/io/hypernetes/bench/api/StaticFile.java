package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A file served over TLS by an nginx of our own on loopback, with the certificate of a server. */
final class StaticFile implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final Process process;
    private final Endpoint endpoint;

    StaticFile(Path folder, Path pki, Kubeconfig trust, byte[] content)
            throws IOException, InterruptedException {
        int port = StartedServer.freePort();
        Files.createDirectories(folder);
        Files.write(folder.resolve("list.json"), content);
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, config(folder, pki, port));
        this.process =
                new ProcessBuilder(PROGRAM.toString(), "-p", folder + "/", "-c", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("nginx.log").toFile())
                        .start();
        this.endpoint =
                Endpoint.of(
                        new Kubeconfig(
                                "https://127.0.0.1:" + port,
                                trust.authority(),
                                "none",
                                new Kubeconfig.Proof.Token("")));
        awaitAnswer(folder);
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    private static String config(Path folder, Path pki, int port) {
        return """
        daemon off;
        master_process off;
        user root;
        worker_processes 1;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events { worker_connections 512; }
        http {
          access_log off;
          sendfile on;
          keepalive_requests 1000000;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$d ssl;
            ssl_certificate %3$s/server.crt;
            ssl_certificate_key %3$s/server.key;
            root %1$s;
          }
        }
        """
                .formatted(folder, port, pki);
    }

    private void awaitAnswer(Path folder) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Connection _ = new Connection(endpoint)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    process.destroyForcibly();
                    throw new IOException(
                            "nginx does not serve: "
                                    + Files.readString(folder.resolve("nginx.log")),
                            e);
                }
                Thread.sleep(20);
            }
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The one process of nginx: it has no master. */
    ServerUsage usage() {
        return new ServerUsage(process.pid());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
