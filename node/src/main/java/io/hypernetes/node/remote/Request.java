package io.hypernetes.node.remote;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the API server asks of a machine: {@code GET /ACTION/TENANT/NAMESPACE/POD?...}, as a
 * kubelet's paths with the tenant before the namespace.
 *
 * @param action {@code containerLogs}, {@code exec}, {@code portForward}, {@code stats}, or what a
 *     {@link RemotePool} asks of a volume
 * @param pod the pod; a volume by its tenant and its id
 * @param query each parameter may be there several times
 */
record Request(String action, Optional<ObjectKey> pod, Map<String, List<String>> query) {

    static Request of(String action, ObjectKey pod) {
        return new Request(action, Optional.of(pod), new LinkedHashMap<>());
    }

    /** The same with one more parameter. */
    Request with(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(query);
        List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, List.copyOf(values));
        return new Request(action, pod, more);
    }

    String get(String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    boolean flag(String name) {
        return get(name).equals("true");
    }

    List<String> all(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The path and query of the request's line. */
    String line() {
        StringBuilder line = new StringBuilder("/").append(action);
        pod.ifPresent(key ->
                line.append('/')
                        .append(encoded(key.tenant().name()))
                        .append('/')
                        .append(encoded(key.namespace()))
                        .append('/')
                        .append(encoded(key.name())));
        char mark = '?';
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            for (String value : parameter.getValue()) {
                line.append(mark).append(encoded(parameter.getKey())).append('=');
                line.append(encoded(value));
                mark = '&';
            }
        }
        return line.toString();
    }

    /** Reads what {@link #line} wrote. */
    static Request parse(String line) throws IOException {
        try {
            String[] halves = line.split("\\?", 2);
            String[] path = halves[0].split("/", -1);
            Optional<ObjectKey> pod =
                    path.length == 5
                            ? Optional.of(
                                    new ObjectKey(
                                            new Tenant(decoded(path[2])),
                                            decoded(path[3]),
                                            decoded(path[4])))
                            : Optional.empty();
            Request request = new Request(path.length > 1 ? path[1] : "", pod, Map.of());
            if (halves.length == 2 && !halves[1].isEmpty()) {
                for (String parameter : halves[1].split("&", -1)) {
                    String[] sides = parameter.split("=", 2);
                    request = request.with(decoded(sides[0]), decoded(sides[sides.length - 1]));
                }
            }
            return request;
        } catch (IllegalArgumentException e) {
            throw new IOException("no path of a node: " + line, e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
