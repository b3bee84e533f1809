package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;
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

    ProbeResult probe(
            String sandbox,
            String containerId,
            JsonNode container,
            JsonNode probe,
            Duration timeout) {
        try {
            if (probe.has("exec")) {
                return ProbeResult.of(exec(containerId, probe.get("exec"), timeout));
            }
            if (probe.has("grpc")) {
                return ProbeResult.of(grpc(sandbox, probe.get("grpc"), timeout));
            }
            if (probe.has("httpGet")) {
                return http(sandbox, httpGet(container, probe.get("httpGet")), timeout);
            }
            if (probe.has("tcpSocket")) {
                return tcp(sandbox, container, probe.get("tcpSocket"), timeout);
            }
            return new ProbeResult.Failure(
                    "this kind of probe is not offered: use exec, grpc, httpGet, tcpSocket");
        } catch (StatusRuntimeException e) {
            return new ProbeResult.Failure(PodRuntime.message(e));
        }
    }

    /**
     * The same for a hook, for which any answer will do; to one that was to be asked by TLS and
     * speaks none, the request is made without.
     *
     * @return what failed; empty for a success
     */
    Optional<String> call(
            String sandbox,
            String containerId,
            JsonNode container,
            JsonNode handler,
            Duration timeout) {
        if (!handler.has("httpGet")) {
            return probe(sandbox, containerId, container, handler, timeout).failure();
        }
        HttpGet get = httpGet(container, handler.get("httpGet"));
        try {
            Optional<String> failure = unanswered(sandbox, get, timeout);
            return failure.isPresent() && get.getScheme().equals("https")
                    ? unanswered(sandbox, get.toBuilder().setScheme("http").build(), timeout)
                            .map(_ -> failure.get())
                    : failure;
        } catch (StatusRuntimeException e) {
            return Optional.of(PodRuntime.message(e));
        }
    }

    private Optional<String> unanswered(String sandbox, HttpGet get, Duration timeout) {
        ProbeResponse response =
                get.getScheme().equals("https")
                        ? runtime.access()
                                .connect(sandbox, get.getPort(), timeout)
                                .map(port -> HttpProbe.once(port, get, timeout))
                                .orElseGet(() -> refused(get))
                        : runtime.access().probe(request(sandbox, timeout).setHttpGet(get).build());
        return response.getHttpStatus() > 0 ? Optional.empty() : Optional.of(response.getMessage());
    }

    private static ProbeResponse refused(HttpGet get) {
        return ProbeResponse.newBuilder()
                .setMessage(
                        "dial tcp 127.0.0.1:%d: connect: connection refused"
                                .formatted(get.getPort()))
                .build();
    }

    private static ProbeRequest.Builder request(String sandbox, Duration timeout) {
        return ProbeRequest.newBuilder()
                .setPodSandboxId(sandbox)
                .setTimeoutMillis(timeout.toMillis());
    }

    private static ProbeResult judge(ProbeResponse response) {
        return response.getSuccess()
                ? ProbeResult.SUCCESS
                : new ProbeResult.Failure(response.getMessage());
    }

    private ProbeResult tcp(String sandbox, JsonNode container, JsonNode tcp, Duration timeout) {
        TcpConnect.Builder connect =
                TcpConnect.newBuilder()
                        .setHost(tcp.path("host").asString(""))
                        .setPort(port(container, tcp.path("port")));
        return judge(
                runtime.access().probe(request(sandbox, timeout).setTcpConnect(connect).build()));
    }

    /** Its time covers all connections and answers. */
    private ProbeResult http(String sandbox, HttpGet get, Duration timeout) {
        boolean elsewhere = !get.getHost().isEmpty();
        if (get.getScheme().equals("https") && elsewhere) {
            return new ProbeResult.Failure(
                    "an HTTPS probe is made to the pod itself: leave out its host (a Host header is"
                            + " passed on)");
        }
        long start = System.nanoTime();
        if (!get.getScheme().equals("https")) {
            ProbeResponse response =
                    runtime.access().probe(request(sandbox, timeout).setHttpGet(get).build());
            if (!HttpRedirect.isOne(response.getHttpStatus())) {
                return judge(response);
            }
            if (elsewhere) {
                return new ProbeResult.Warning("Probe terminated redirects");
            }
        }
        HttpProbe.Ports ports =
                (port, patience) -> runtime.access().connect(sandbox, port, patience);
        return HttpProbe.run(ports, get, timeout.minusNanos(System.nanoTime() - start));
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
