package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;
import io.hypernetes.cri.guest.v1.ProbeResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A GET over a connection to a port of a pod, by TLS where its scheme says so (the guest's agent
 * speaks none: then it only connects). As the kubelet: any certificate will do, redirections are
 * followed within the pod, a status of 200 to 399 is a success, and the words are its own.
 */
final class HttpProbe {

    private static final String USER_AGENT = "kube-probe/1.36";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern UNSAFE = Pattern.compile("[^\\x21-\\x7e]");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

    private static final String LOCATION = "location:";
    private static final String TOO_LATE =
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";

    /** What comes from a pod is hostile: no more of an answer is read than counts. */
    private static final int LONGEST_LINE = 4096;

    private static final int MOST_HEADERS = 100;
    private static final int MOST_REDIRECTS = 10;

    /** Characters of a body that an event shows. */
    private static final int SHOWN = 256;

    private static final SSLSocketFactory TLS = trusting();

    private HttpProbe() {}

    /** Opens connections to ports of the pod; empty when nothing listens there. */
    @FunctionalInterface
    interface Ports {
        Optional<PortStream> connect(int port, Duration patience);
    }

    /**
     * @param location where it leads, of a redirection
     * @param body how it begins, of a redirection
     */
    private record Answer(int status, Optional<String> location, String body) {}

    /** Goes on where answers lead to, as long as that is the pod itself. */
    static ProbeResult run(Ports ports, HttpGet get, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        HttpGet next = get;
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            try {
                Answer answer = ask(ports, next, Duration.ofNanos(end - System.nanoTime()));
                if (!HttpRedirect.isOne(answer.status())) {
                    return judge(answer.status());
                }
                Optional<HttpGet> followed =
                        answer.location().isPresent() && HttpRedirect.leads(answer.status())
                                ? HttpRedirect.follow(next, url(next), answer.location().get())
                                : Optional.empty();
                if (followed.isEmpty()) {
                    return new ProbeResult.Warning(
                            "Probe terminated redirects, Response body: " + answer.body());
                }
                next = followed.get();
            } catch (IOException | URISyntaxException e) {
                return new ProbeResult.Failure(failure(next, e));
            }
        }
        return new ProbeResult.Failure(
                failure(next, new IOException("stopped after " + MOST_REDIRECTS + " redirects")));
    }

    /**
     * One request, and what is answered to it.
     *
     * @param port closed in the end
     */
    static ProbeResponse once(PortStream port, HttpGet get, Duration timeout) {
        ProbeResponse.Builder response = ProbeResponse.newBuilder();
        try {
            int status = ask(port, get, timeout).status();
            response.setHttpStatus(status);
            return judge(status)
                    .failure()
                    .map(response::setMessage)
                    .orElseGet(() -> response.setSuccess(true))
                    .build();
        } catch (IOException e) {
            return response.setMessage(failure(get, e)).build();
        }
    }

    private static String failure(HttpGet get, Exception e) {
        return "Get \"%s\": %s".formatted(url(get), e.getMessage());
    }

    private static String url(HttpGet get) {
        return "%s://%s:%d%s".formatted(get.getScheme(), host(get), get.getPort(), path(get));
    }

    private static Answer ask(Ports ports, HttpGet get, Duration timeout) throws IOException {
        if (timeout.isNegative()) {
            throw new IOException(TOO_LATE);
        }
        long start = System.nanoTime();
        PortStream port =
                ports.connect(get.getPort(), timeout)
                        .orElseThrow(() ->
                                new IOException(
                                        "dial tcp 127.0.0.1:%d: connect: connection refused"
                                                .formatted(get.getPort())));
        return ask(port, get, timeout.minusNanos(System.nanoTime() - start));
    }

    private static Answer ask(PortStream port, HttpGet get, Duration timeout) throws IOException {
        AtomicBoolean late = new AtomicBoolean();
        CompletableFuture<Void> clock =
                CompletableFuture.runAsync(
                        () -> {
                            late.set(true);
                            port.close();
                        },
                        CompletableFuture.delayedExecutor(
                                timeout.toMillis(), TimeUnit.MILLISECONDS));
        try (port;
                Socket socket = socket(port, get)) {
            socket.getOutputStream().write(request(get).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return answer(socket.getInputStream());
        } catch (IOException e) {
            throw late.get() ? new IOException(TOO_LATE, e) : e;
        } finally {
            clock.cancel(false);
        }
    }

    private static Socket socket(PortStream port, HttpGet get) throws IOException {
        Socket plain = new PortSocket(port);
        return get.getScheme().equals("https")
                ? TLS.createSocket(plain, host(get), get.getPort(), true)
                : plain;
    }

    private static ProbeResult judge(int status) {
        return status >= 200 && status < 400
                ? ProbeResult.SUCCESS
                : new ProbeResult.Failure("HTTP probe failed with statuscode: " + status);
    }

    /** Of a redirection more counts than the first line. */
    private static Answer answer(InputStream in) throws IOException {
        String first = line(in);
        Matcher matcher = STATUS.matcher(first);
        if (!matcher.matches()) {
            throw new IOException("malformed HTTP response \"" + first + "\"");
        }
        int status = Integer.parseInt(matcher.group(1));
        if (!HttpRedirect.isOne(status)) {
            return new Answer(status, Optional.empty(), "");
        }
        Optional<String> location = Optional.empty();
        for (int i = 0; i < MOST_HEADERS; i++) {
            String header = line(in);
            if (header.isEmpty()) {
                String body = new String(in.readNBytes(SHOWN), StandardCharsets.UTF_8);
                return new Answer(status, location, CONTROL.matcher(body).replaceAll(" "));
            }
            if (header.regionMatches(true, 0, LOCATION, 0, LOCATION.length())) {
                location = Optional.of(header.substring(LOCATION.length()).strip());
            }
        }
        throw new IOException("the answer has more than " + MOST_HEADERS + " headers");
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() == LONGEST_LINE) {
                throw new IOException(c < 0 ? "EOF" : "a line of the answer is too long");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    /** The last value of a name counts; no name or value ends its line. */
    private static String request(HttpGet get) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", host(get) + ":" + get.getPort());
        headers.put("User-Agent", USER_AGENT);
        headers.put("Accept", "*/*");
        for (HttpHeader header : get.getHeadersList()) {
            if (UNSAFE.matcher(header.getName()).find()
                    || CONTROL.matcher(header.getValue()).find()) {
                throw new IOException("invalid header field \"" + header.getName() + "\"");
            }
            headers.put(header.getName(), header.getValue());
        }
        headers.put("Connection", "close");
        StringBuilder text = new StringBuilder("GET " + path(get) + " HTTP/1.1\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        return text.append("\r\n").toString();
    }

    private static String host(HttpGet get) {
        return get.getHost().isEmpty() ? "127.0.0.1" : get.getHost();
    }

    /** What no URL may have is encoded. */
    private static String path(HttpGet get) {
        String path = get.getPath().startsWith("/") ? get.getPath() : "/" + get.getPath();
        return UNSAFE.matcher(path)
                .replaceAll(match -> {
                    StringBuilder encoded = new StringBuilder();
                    for (byte b : match.group().getBytes(StandardCharsets.UTF_8)) {
                        encoded.append("%%%02X".formatted(b & 0xff));
                    }
                    return encoded.toString();
                });
    }

    private static SSLSocketFactory trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /** A probe asks whether the server lives, not who it is. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this side is the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("this side is the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("this side is the client");
        }
    }
}
