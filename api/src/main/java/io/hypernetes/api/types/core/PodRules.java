package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules that pods share with other kinds. */
final class PodRules {

    static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

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
        errors.form(field, address, Addresses.address(address));
    }

    static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString("")));
        return texts;
    }
}
