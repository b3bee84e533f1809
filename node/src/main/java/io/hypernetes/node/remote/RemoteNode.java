package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.json.Json;
import io.hypernetes.volume.VolumePool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The pods of another machine, by its {@link NodeServer}. A connection for each request. */
public final class RemoteNode implements PodAccess {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteNode.class);
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final InetSocketAddress address;
    private final String host;
    private final SSLContext tls;

    /**
     * @param address that the machine listens at
     * @param host that its certificate must be for
     * @param tls with the API server's certificate
     */
    public RemoteNode(InetSocketAddress address, String host, SSLContext tls) {
        this.address = address;
        this.host = host;
        this.tls = tls;
    }

    @Override
    public UsageSource usages() {
        return new UsageSource() {
            @Override
            public Optional<PodUsage> pod(ObjectKey pod) {
                return stats(pod).flatMap(Wire::podUsage);
            }

            @Override
            public Optional<NodeUsage> node(String name) {
                return stats(new ObjectKey(Tenant.SYSTEM, "", name)).flatMap(Wire::nodeUsage);
            }
        };
    }

    /** The machine's volumes of a provisioner. */
    public VolumePool pool(String provisioner) {
        return new RemotePool(
                provisioner,
                request -> {
                    try (SSLSocket socket = ask(request)) {
                        socket.setSoTimeout((int) ANSWER.toMillis());
                        return Json.parseObject(socket.getInputStream().readAllBytes());
                    } catch (IOException e) {
                        throw unreachable(e);
                    }
                });
    }

    /** Nobody waits long for what a machine uses, and one that is gone uses nothing. */
    private Optional<ObjectNode> stats(ObjectKey of) {
        try (SSLSocket socket = ask(Request.of("stats", of))) {
            return Optional.of(Json.parseObject(socket.getInputStream().readAllBytes()));
        } catch (IOException | ApiException e) {
            LOG.debug("no usage of {}: {}", of, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        Request request =
                Request.of("containerLogs", pod)
                        .with("container", options.container())
                        .with("follow", Boolean.toString(options.follow()))
                        .with("previous", Boolean.toString(options.previous()))
                        .with("timestamps", Boolean.toString(options.timestamps()))
                        .with("sinceTime", options.sinceTime())
                        .with("source", options.source().name());
        if (options.tailLines().isPresent()) {
            request = request.with("tailLines", "" + options.tailLines().getAsLong());
        }
        if (options.limitBytes().isPresent()) {
            request = request.with("limitBytes", "" + options.limitBytes().getAsLong());
        }
        if (options.sinceSeconds().isPresent()) {
            request = request.with("sinceSeconds", "" + options.sinceSeconds().getAsLong());
        }
        try {
            return new ConnectionInput(ask(request));
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        Request request =
                Request.of("exec", pod)
                        .with("container", options.container())
                        .with("tty", Boolean.toString(options.tty()))
                        .with("stdin", Boolean.toString(options.stdin()));
        for (String word : options.command()) {
            request = request.with("command", word);
        }
        try {
            return RemoteProcess.over(ask(request), output);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        try {
            return Optional.of(
                    new SocketStream(ask(Request.of("portForward", pod).with("port", "" + port))));
        } catch (NothingThere _) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /** Nothing listens on a pod's port. */
    private static final class NothingThere extends IOException {
        private static final long serialVersionUID = 1;

        private NothingThere() {
            super("nothing listens on that port");
        }
    }

    /** A connection whose answer's head has been read, which its caller closes. */
    private SSLSocket ask(Request request) throws IOException {
        SSLSocket socket = connect();
        try {
            socket.setSoTimeout((int) ANSWER.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(Head.request(request, host));
            out.flush();
            String line = Head.read(socket.getInputStream());
            String[] words = line.split(" ", -1);
            switch (words.length > 1 ? words[1] : "") {
                case "200", "101" -> {
                    socket.setSoTimeout(0);
                    return socket;
                }
                case "502" -> throw new NothingThere();
                default -> throw refusal(socket);
            }
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static ApiException refusal(Socket socket) throws IOException {
        byte[] body = socket.getInputStream().readNBytes(64 * 1024);
        return new ApiException(Wire.refusal(Json.parseObject(body)));
    }

    private SSLSocket connect() throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(address, (int) CONNECT.toMillis());
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.setSoTimeout((int) CONNECT.toMillis());
            SSLSocket socket =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(plain, host, address.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    private ApiException unreachable(IOException e) {
        return new ApiException(
                Status.of(
                        Reason.INTERNAL_ERROR,
                        "error dialing backend: node at "
                                + address.getHostString()
                                + ":"
                                + address.getPort()
                                + ": "
                                + e.getMessage()),
                e);
    }
}
