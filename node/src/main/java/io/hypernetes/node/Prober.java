package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.TcpConnect;
import io.hypernetes.cri.v1.ExecSyncResponse;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes one probe from inside a sandbox. */
final class Prober implements AutoCloseable {

    private final PodRuntime runtime;
    private final GrpcHealth health = new GrpcHealth();

    Prober(PodRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void close() {
        health.close();
    }

    /**
     * @return what failed; empty for a success
     */
    Optional<String> probe(
            String sandbox,
            String containerId,
            JsonNode container,
            JsonNode probe,
            Duration timeout) {
        try {
            if (probe.has("exec")) {
                return exec(containerId, probe.get("exec"), timeout);
            }
            if (probe.has("grpc")) {
                return grpc(sandbox, probe.get("grpc"), timeout);
            }
            if (probe.path("httpGet").path("scheme").asString("").equalsIgnoreCase("https")) {
                return https(sandbox, httpGet(container, probe.get("httpGet")), timeout);
            }
            ProbeRequest.Builder request =
                    ProbeRequest.newBuilder()
                            .setPodSandboxId(sandbox)
                            .setTimeoutMillis(timeout.toMillis());
            if (probe.has("httpGet")) {
                request.setHttpGet(httpGet(container, probe.get("httpGet")));
            } else if (probe.has("tcpSocket")) {
                JsonNode tcp = probe.get("tcpSocket");
                request.setTcpConnect(
                        TcpConnect.newBuilder()
                                .setHost(tcp.path("host").asString(""))
                                .setPort(port(container, tcp.path("port"))));
            } else {
                return Optional.of(
                        "this kind of probe is not offered: use exec, grpc, httpGet, tcpSocket");
            }
            return runtime.access().probe(request.build());
        } catch (StatusRuntimeException e) {
            return Optional.of(PodRuntime.message(e));
        }
    }

    /** Its time covers the connection and the answer. */
    private Optional<String> https(String sandbox, HttpGet get, Duration timeout) {
        if (!get.getHost().isEmpty()) {
            return Optional.of(
                    "an HTTPS probe is made to the pod itself: leave out its host (a Host header is"
                            + " passed on)");
        }
        long start = System.nanoTime();
        Optional<PortStream> port = runtime.access().connect(sandbox, get.getPort(), timeout);
        if (port.isEmpty()) {
            return Optional.of(
                    "Get \"https://127.0.0.1:%1$d%2$s\": dial tcp 127.0.0.1:%1$d: connect: connection refused"
                            .formatted(get.getPort(), get.getPath()));
        }
        return HttpProbe.run(port.get(), get, timeout.minusNanos(System.nanoTime() - start));
    }

    /** Its time covers the connection and the answer. */
    private Optional<String> grpc(String sandbox, JsonNode probe, Duration timeout) {
        long start = System.nanoTime();
        int number = probe.path("port").asInt(0);
        Optional<PortStream> port = runtime.access().connect(sandbox, number, timeout);
        if (port.isEmpty()) {
            return Optional.of(
                    "timeout: failed to connect service \"127.0.0.1:%d\" within %ds"
                            .formatted(number, timeout.toSeconds()));
        }
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        return health.check(port.get(), probe.path("service").asString(""), left);
    }

    private Optional<String> exec(String containerId, JsonNode exec, Duration timeout) {
        List<String> command =
                exec.path("command").valueStream().map(word -> word.asString("")).toList();
        ExecSyncResponse response = runtime.execSync(containerId, command, timeout);
        return response.getExitCode() == 0
                ? Optional.empty()
                : Optional.of(
                        response.getStdout().toStringUtf8() + response.getStderr().toStringUtf8());
    }

    private static HttpGet httpGet(JsonNode container, JsonNode get) {
        HttpGet.Builder request =
                HttpGet.newBuilder()
                        .setHost(get.path("host").asString(""))
                        .setPort(port(container, get.path("port")))
                        .setPath(get.path("path").asString("/"))
                        .setScheme(get.path("scheme").asString("HTTP").toLowerCase(Locale.ROOT));
        for (JsonNode header : get.path("httpHeaders")) {
            request.addHeaders(
                    HttpHeader.newBuilder()
                            .setName(header.path("name").asString(""))
                            .setValue(header.path("value").asString("")));
        }
        return request.build();
    }

    /** A number, or the name of one of the container's ports; 0 when there is none. */
    static int port(JsonNode container, JsonNode port) {
        if (port.isNumber()) {
            return port.asInt();
        }
        for (JsonNode known : container.path("ports")) {
            if (known.path("name").asString("").equals(port.asString(""))) {
                return known.path("containerPort").asInt(0);
            }
        }
        return 0;
    }
}
