package io.hypernetes.runtime.agent;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The request of an HTTP probe, as the agent sends it. */
final class HttpRequest {

    private HttpRequest() {}

    static byte[] of(HttpProbe probe) {
        StringBuilder text = new StringBuilder();
        text.append("GET ").append(path(probe)).append(" HTTP/1.1\r\n");
        header(text, probe, "Host", host(probe) + ":" + probe.port());
        header(text, probe, "User-Agent", "kube-probe/1.35");
        header(text, probe, "Accept", "*/*");
        text.append("Connection: close\r\n");
        for (Map.Entry<String, String> header : probe.headers().entrySet()) {
            if (!header.getKey().equalsIgnoreCase("Connection")) {
                line(text, header.getKey(), header.getValue());
            }
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    static String url(HttpProbe probe) {
        return "http://" + host(probe) + ":" + probe.port() + path(probe);
    }

    private static String host(HttpProbe probe) {
        return probe.host().isEmpty() ? "127.0.0.1" : probe.host();
    }

    private static String path(HttpProbe probe) {
        String path = probe.path().startsWith("/") ? probe.path() : "/" + probe.path();
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ') {
                throw new AgentException(
                        AgentException.Reason.INVALID, "not a path of a URL: '" + path + "'");
            }
        }
        return path;
    }

    /** A default, unless the probe has the header itself. */
    private static void header(StringBuilder text, HttpProbe probe, String name, String value) {
        if (probe.headers().keySet().stream().noneMatch(name::equalsIgnoreCase)) {
            line(text, name, value);
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        if ((name + value).indexOf('\r') >= 0 || (name + value).indexOf('\n') >= 0) {
            throw new AgentException(
                    AgentException.Reason.INVALID,
                    "the header " + name.toLowerCase(Locale.ROOT) + " has a line break in it");
        }
        text.append(name).append(": ").append(value).append("\r\n");
    }
}
