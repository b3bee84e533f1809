package io.hypernetes.node;

import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One HTTP request over a connection that is there, answered well by a status of 200 to 399. Like
 * upstream's kubelet it asks no certificate who it is.
 */
final class HttpProbe {

    /** Enough for a status line and the first lines of an answer. */
    private static final int MOST_BYTES = 10 * 1024;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\\r\\n]*");

    private HttpProbe() {}

    /**
     * @return what failed; empty for a success
     */
    static Optional<String> ask(Socket plain, HttpGet get, Duration timeout) throws IOException {
        Socket socket = get.getScheme().equals("https") ? secured(plain, get) : plain;
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        socket.getOutputStream().write(request(get).getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        String answer;
        try {
            answer = statusLine(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            return Optional.of("no answer within " + timeout.toSeconds() + " s");
        }
        Matcher status = STATUS.matcher(answer);
        if (!status.lookingAt()) {
            return Optional.of("the answer is not HTTP");
        }
        int code = Integer.parseInt(status.group(1));
        return code >= 200 && code < 400
                ? Optional.empty()
                : Optional.of("HTTP probe failed with statuscode: " + code);
    }

    private static String request(HttpGet get) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", "localhost:" + get.getPort());
        headers.put("User-Agent", "kube-probe/1.36");
        headers.put("Accept", "*/*");
        headers.put("Connection", "close");
        for (HttpHeader header : get.getHeadersList()) {
            headers.keySet().removeIf(name -> name.equalsIgnoreCase(header.getName()));
            headers.put(header.getName(), header.getValue());
        }
        StringBuilder request = new StringBuilder("GET ");
        request.append(get.getPath().isEmpty() ? "/" : get.getPath()).append(" HTTP/1.1\r\n");
        headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
        return request.append("\r\n").toString();
    }

    private static String statusLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n' && line.length() < MOST_BYTES; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    private static Socket secured(Socket plain, HttpGet get) throws IOException {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
            return tls.getSocketFactory().createSocket(plain, "localhost", get.getPort(), true);
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
