package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;

import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses, ranges of addresses and URLs (pkg/cel/library: ip, cidr, urls). */
final class NetworkLibrary {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType URL = OpaqueType.create("kubernetes.URL");

    private NetworkLibrary() {}

    static void declare(Functions f) {
        f.type(IP, Ip.class);
        f.type(CIDR, CidrRange.class);
        f.type(URL, URI.class);
        addresses(f);
        ranges(f);
        urls(f);
    }

    private static Ip ip(Object text) {
        return Ip.parse((String) text)
                .orElseThrow(() ->
                        new EvaluationException(
                                "IP Address \""
                                        + text
                                        + "\" parse error during conversion from string"));
    }

    private static CidrRange cidr(Object text) {
        return CidrRange.parse((String) text)
                .orElseThrow(() ->
                        new EvaluationException(
                                "network address parse error during conversion from string: \""
                                        + text
                                        + "\""));
    }

    private static void addresses(Functions f) {
        List<CelType> one = List.of(IP);
        f.global(
                "isIP",
                "is_ip",
                BOOL,
                List.of(STRING),
                Costs.WALK,
                a -> Ip.parse((String) a[0]).isPresent());
        f.global("ip", "string_to_ip", IP, List.of(STRING), Costs.WALK, a -> ip(a[0]));
        f.global(
                "ip.isCanonical",
                "ip_is_canonical",
                BOOL,
                List.of(STRING),
                Costs.walk(2),
                a -> ip(a[0]).toString().equals(a[0]));
        f.global("string", "ip_to_string", STRING, one, Costs.ONE, a -> a[0].toString());
        f.member("family", "ip_family", INT, one, Costs.ONE, a -> ((Ip) a[0]).family());
        f.member(
                "isUnspecified",
                "ip_is_unspecified",
                BOOL,
                one,
                Costs.ONE,
                a -> ((Ip) a[0]).address().isAnyLocalAddress());
        f.member(
                "isLoopback",
                "ip_is_loopback",
                BOOL,
                one,
                Costs.ONE,
                a -> ((Ip) a[0]).address().isLoopbackAddress());
        f.member(
                "isLinkLocalMulticast",
                "ip_is_link_local_multicast",
                BOOL,
                one,
                Costs.ONE,
                a -> ((Ip) a[0]).isLinkLocalMulticast());
        f.member(
                "isLinkLocalUnicast",
                "ip_is_link_local_unicast",
                BOOL,
                one,
                Costs.ONE,
                a -> ((Ip) a[0]).address().isLinkLocalAddress());
        f.member(
                "isGlobalUnicast",
                "ip_is_global_unicast",
                BOOL,
                one,
                Costs.ONE,
                a -> ((Ip) a[0]).isGlobalUnicast());
    }

    private static void ranges(Functions f) {
        List<CelType> one = List.of(CIDR);
        f.global(
                "isCIDR",
                "is_cidr",
                BOOL,
                List.of(STRING),
                Costs.WALK,
                a -> CidrRange.parse((String) a[0]).isPresent());
        f.global("cidr", "string_to_cidr", CIDR, List.of(STRING), Costs.WALK, a -> cidr(a[0]));
        f.global("string", "cidr_to_string", STRING, one, Costs.ONE, a -> a[0].toString());
        f.member(
                "containsIP",
                "cidr_contains_ip_string",
                BOOL,
                List.of(CIDR, STRING),
                Costs.ONE,
                a -> ((CidrRange) a[0]).contains(ip(a[1])));
        f.member(
                "containsIP",
                "cidr_contains_ip_ip",
                BOOL,
                List.of(CIDR, IP),
                Costs.ONE,
                a -> ((CidrRange) a[0]).contains((Ip) a[1]));
        f.member(
                "containsCIDR",
                "cidr_contains_cidr_string",
                BOOL,
                List.of(CIDR, STRING),
                Costs.ONE,
                a -> ((CidrRange) a[0]).contains(cidr(a[1])));
        f.member(
                "containsCIDR",
                "cidr_contains_cidr",
                BOOL,
                List.of(CIDR, CIDR),
                Costs.ONE,
                a -> ((CidrRange) a[0]).contains((CidrRange) a[1]));
        f.member("ip", "cidr_ip", IP, one, Costs.ONE, a -> ((CidrRange) a[0]).ip());
        f.member(
                "prefixLength",
                "cidr_prefix_length",
                INT,
                one,
                Costs.ONE,
                a -> (long) ((CidrRange) a[0]).prefix());
        f.member("masked", "cidr_masked", CIDR, one, Costs.ONE, a -> ((CidrRange) a[0]).masked());
    }

    private static Optional<URI> url(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() && !uri.isOpaque() || text.startsWith("/")
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static void urls(Functions f) {
        List<CelType> one = List.of(URL);
        f.global(
                "isURL",
                "is_url_string",
                BOOL,
                List.of(STRING),
                Costs.WALK,
                a -> url((String) a[0]).isPresent());
        f.global(
                "url",
                "string_to_url",
                URL,
                List.of(STRING),
                Costs.WALK,
                a ->
                        url((String) a[0])
                                .orElseThrow(() ->
                                        new EvaluationException(
                                                "URL parse error during conversion from string:"
                                                        + " parse \""
                                                        + a[0]
                                                        + "\": invalid URI for request")));
        f.member(
                "getScheme",
                "url_get_scheme",
                STRING,
                one,
                Costs.ONE,
                a -> text(((URI) a[0]).getScheme()));
        f.member(
                "getHost",
                "url_get_host",
                STRING,
                one,
                Costs.ONE,
                a -> {
                    URI url = (URI) a[0];
                    return url.getPort() < 0
                            ? text(url.getHost())
                            : text(url.getHost()) + ":" + url.getPort();
                });
        f.member(
                "getHostname",
                "url_get_hostname",
                STRING,
                one,
                Costs.ONE,
                a -> {
                    String host = text(((URI) a[0]).getHost());
                    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
                });
        f.member(
                "getPort",
                "url_get_port",
                STRING,
                one,
                Costs.ONE,
                a -> ((URI) a[0]).getPort() < 0 ? "" : Integer.toString(((URI) a[0]).getPort()));
        f.member(
                "getEscapedPath",
                "url_get_escaped_path",
                STRING,
                one,
                Costs.ONE,
                a -> text(((URI) a[0]).getRawPath()));
        f.member(
                "getQuery",
                "url_get_query",
                KubernetesLibrary.QUERY,
                one,
                Costs.ONE,
                a -> query(text(((URI) a[0]).getRawQuery())));
    }

    private static String text(@org.jspecify.annotations.Nullable String part) {
        return part == null ? "" : part;
    }

    private static MapValue query(String query) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                values.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        Map<Object, Object> entries = new LinkedHashMap<>();
        values.forEach((name, list) -> entries.put(name, ListValue.of(list)));
        return MapValue.of(entries);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
