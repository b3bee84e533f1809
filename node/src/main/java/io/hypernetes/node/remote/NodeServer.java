package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.LogSource;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.json.Json;
import io.hypernetes.volume.VolumePool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Lets the API server reach into the pods of this machine, and make volumes on it. */
public final class NodeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeServer.class);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** Connections of which it is not known yet whose they are. */
    private static final int MOST_STRANGERS = 256;

    private final PodAccess pods;
    private final PoolServer volumes;
    private final SSLServerSocket listener;
    private final Predicate<X509Certificate> client;
    private final Semaphore strangers = new Semaphore(MOST_STRANGERS);
    private final Set<SSLSocket> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    /**
     * @param pods of this machine
     * @param pools of this machine, by provisioner
     * @param tls with this machine's certificate, believing the installation's authority
     * @param client tells whether a certificate of that authority is the API server's
     * @throws IOException when the address cannot be listened on
     */
    public NodeServer(
            PodAccess pods,
            Map<String, VolumePool> pools,
            SSLContext tls,
            InetSocketAddress address,
            Predicate<X509Certificate> client)
            throws IOException {
        this.pods = pods;
        this.volumes = new PoolServer(pools);
        this.client = client;
        this.listener = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        listener.setNeedClientAuth(true);
        listener.setReuseAddress(true);
        listener.bind(address);
        this.acceptor = Thread.ofVirtual().name("node-server").start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                SSLSocket socket = (SSLSocket) listener.accept();
                if (strangers.tryAcquire()) {
                    open.add(socket);
                    Thread.ofVirtual().name("node-request").start(() -> serve(socket));
                } else {
                    socket.close();
                }
            }
        } catch (IOException e) {
            LOG.debug("the node's server ends: {}", e.getMessage());
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            try {
                socket.setSoTimeout((int) HANDSHAKE.toMillis());
                socket.startHandshake();
                requireClient(socket);
            } finally {
                strangers.release();
            }
            socket.setTcpNoDelay(true);
            String line = Head.read(socket.getInputStream());
            socket.setSoTimeout(0);
            answer(line, socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            LOG.debug("a request to this node ended: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private void requireClient(SSLSocket socket) throws IOException {
        boolean known =
                socket.getSession().getPeerCertificates()[0] instanceof X509Certificate shown
                        && client.test(shown);
        if (!known) {
            throw new IOException("somebody else than the API server asked");
        }
    }

    private void answer(String line, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        String[] words = line.split(" ", -1);
        try {
            Request request = Request.parse(words.length > 1 ? words[1] : "");
            ObjectKey pod =
                    request.pod().orElseThrow(() -> ApiException.badRequest("no path of a node"));
            switch (request.action()) {
                case "containerLogs" -> logs(request, pod, out);
                case "exec" -> exec(request, pod, in, out);
                case "portForward" -> forward(request, pod, in, out);
                case "stats" -> stats(pod, out);
                default -> {
                    if (!volumes.answers(request.action())) {
                        throw ApiException.badRequest("no path of a node");
                    }
                    byte[] answer = Json.write(volumes.answer(request, pod));
                    out.write(Head.response(200, "OK"));
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (ApiException e) {
            Status status = e.status();
            out.write(Head.response(status.code(), "Refused"));
            out.write(Json.write(Wire.refusal(status)));
            out.flush();
        }
    }

    private void logs(Request request, ObjectKey pod, OutputStream out) throws IOException {
        LogOptions options =
                new LogOptions(
                        request.get("container"),
                        request.flag("follow"),
                        request.flag("previous"),
                        request.flag("timestamps"),
                        number(request, "tailLines"),
                        number(request, "limitBytes"),
                        number(request, "sinceSeconds"),
                        request.get("sinceTime"),
                        LogSource.valueOf(request.get("source")));
        try (InputStream lines = pods.logs(pod, options)) {
            out.write(Head.response(200, "OK"));
            out.flush();
            copy(lines, out);
        }
    }

    private static OptionalLong number(Request request, String name) {
        String text = request.get(name);
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    /** Passes on each piece as soon as it is there. */
    static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            out.flush();
        }
    }

    private void exec(Request request, ObjectKey pod, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        ExecOptions options =
                new ExecOptions(
                        request.get("container"),
                        List.copyOf(request.all("command")),
                        request.flag("tty"),
                        request.flag("stdin"));
        Greeting greeting = new Greeting(out);
        PodAccess.Output output =
                new PodAccess.Output(
                        Frame.stream(Frame.Kind.STDOUT, greeting),
                        Frame.stream(Frame.Kind.STDERR, greeting));
        try (PodAccess.Process process = pods.exec(pod, options, output)) {
            greeting.greet();
            Thread.ofVirtual()
                    .name("node-input")
                    .start(() -> feed(process, new DataInputStream(in)));
            try {
                Frame.of(Frame.Kind.EXIT, process.waitFor()).write(greeting);
            } catch (IOException e) {
                byte[] why = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
                new Frame(Frame.Kind.FAILURE, why).write(greeting);
            }
        }
    }

    /** Until the client is gone, and with it the process. */
    private static void feed(PodAccess.Process process, DataInputStream in) {
        try {
            for (Optional<Frame> frame = Frame.read(in);
                    frame.isPresent();
                    frame = Frame.read(in)) {
                Frame piece = frame.get();
                switch (piece.kind()) {
                    case STDIN -> {
                        process.stdin().write(piece.bytes());
                        process.stdin().flush();
                    }
                    case STDIN_END -> process.stdin().close();
                    case RESIZE ->
                            process.resize(
                                    new PodAccess.TerminalSize(piece.number(0), piece.number(1)));
                    case STDOUT, STDERR, EXIT, FAILURE ->
                            throw new IOException("not a client's frame");
                }
            }
        } catch (IOException e) {
            LOG.debug("the input of a remote command ended: {}", e.getMessage());
        } finally {
            process.close();
        }
    }

    private void forward(Request request, ObjectKey pod, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        Optional<PortStream> port = pods.connect(pod, Integer.parseInt(request.get("port")));
        if (port.isEmpty()) {
            out.write(Head.response(502, "Bad Gateway"));
            out.flush();
            return;
        }
        try (PortStream stream = port.get()) {
            out.write(Head.response(101, "Switching Protocols"));
            out.flush();
            Thread towards = Thread.ofVirtual().name("node-port").start(() -> towards(in, stream));
            copy(stream.input(), out);
            towards.interrupt();
        }
    }

    private static void towards(InputStream in, PortStream stream) {
        try {
            copy(in, stream.output());
            stream.output().close();
        } catch (IOException e) {
            LOG.debug("a forwarded connection ended: {}", e.getMessage());
        }
    }

    private void stats(ObjectKey pod, OutputStream out) throws IOException {
        out.write(Head.response(200, "OK"));
        // a node is asked for by its name alone
        out.write(
                Json.write(
                        pod.namespace().isEmpty()
                                ? Wire.ofNode(pods.usages().node(pod.name()))
                                : Wire.ofPod(pods.usages().pod(pod))));
        out.flush();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SSLSocket socket : open) {
                socket.close();
            }
            acceptor.join();
        } catch (IOException e) {
            LOG.debug("the node's server does not close well: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
