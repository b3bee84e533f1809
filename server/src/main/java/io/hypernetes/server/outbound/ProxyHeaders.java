package io.hypernetes.server.outbound;

import io.hypernetes.server.http.Exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers a proxy passes on, and which are its own business (RFC 9110, section 7.6.1). */
public final class ProxyHeaders {
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private ProxyHeaders() {}

    /** Who the client is to this server is not the pod's business: a token could be stolen. */
    private static boolean isOurs(String name) {
        return name.equals("authorization")
                || name.equals("host")
                || name.equals("content-length")
                || name.equals("expect")
                || name.equals("http2-settings")
                || name.startsWith("impersonate-")
                || name.startsWith("x-remote-")
                || name.startsWith("x-forwarded-")
                || name.startsWith(":");
    }

    /**
     * @param host as the other server is called
     * @param path what this server's client would have asked for, for links that lead back
     */
    public static List<Map.Entry<String, String>> ofRequest(
            Exchange exchange, String host, String path) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("Host", host));
        for (String name : exchange.headerNames()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(lower) && !isOurs(lower)) {
                exchange.headers(name).forEach(value -> headers.add(Map.entry(name, value)));
            }
        }
        headers.add(Map.entry("X-Forwarded-Uri", path));
        headers.add(Map.entry("X-Forwarded-Proto", "https"));
        exchange.header("Host")
                .ifPresent(known -> headers.add(Map.entry("X-Forwarded-Host", known)));
        return headers;
    }

    static Map<String, List<String>> ofAnswer(Incoming answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : answer.headers()) {
            if (!HOP_BY_HOP.contains(header.getKey())) {
                headers.computeIfAbsent(header.getKey(), _ -> new ArrayList<>())
                        .add(header.getValue());
            }
        }
        return headers;
    }

    /** Of the 101: what the other protocol agreed on. */
    static Map<String, String> ofUpgrade(Incoming answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : answer.headers()) {
            if (!HOP_BY_HOP.contains(header.getKey())
                    && !header.getKey().equals("content-length")) {
                headers.put(header.getKey(), header.getValue());
            }
        }
        return headers;
    }
}
