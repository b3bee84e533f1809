package io.hypernetes.api.types;

import io.hypernetes.api.names.Names;

import tools.jackson.databind.JsonNode;

import java.net.Inet6Address;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Rules that pods share with other kinds. */
final class PodRules {

    static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private static final Pattern PLAIN_IPV6 = Pattern.compile("[0-9a-fA-F:.]+");

    private PodRules() {}

    static void port(String field, long port, Errors errors) {
        if (port < 1 || port > 65535) {
            errors.invalid(field, port, "must be between 1 and 65535, inclusive");
        }
    }

    /** A number, or the name of a container's port. */
    static void portOrName(String field, JsonNode port, Errors errors) {
        if (port.isString()) {
            errors.form(field, port.stringValue(), Names.portName(port.stringValue()));
        } else {
            port(field, port.asLong(0), errors);
        }
    }

    /** Of a file below a directory that others gave. */
    static void descendingPath(String field, String path, Errors errors) {
        if (path.startsWith("/")) {
            errors.invalidText(field, path, "must be a relative path");
        }
        if (List.of(path.split("/")).contains("..")) {
            errors.invalidText(field, path, "must not contain '..'");
        }
    }

    /** IPv4 or IPv6. */
    static void address(String field, String address, Errors errors) {
        if (!isAddress(address)) {
            errors.invalidText(
                    field,
                    address,
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    private static boolean isAddress(String text) {
        if (!text.contains(":")) {
            return Cidr.isAddress(text);
        }
        // No zone and no brackets: they belong to sockets and URLs.
        if (!PLAIN_IPV6.matcher(text).matches()) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString("")));
        return texts;
    }
}
