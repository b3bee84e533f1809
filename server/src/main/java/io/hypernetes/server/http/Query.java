package io.hypernetes.server.http;

import io.hypernetes.api.ApiException;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The parameters of a request's query, decoded. */
public record Query(Map<String, List<String>> values) {
    public static final Query EMPTY = new Query(Map.of());

    /**
     * A pair with broken percent-encoding or a semicolon is passed over, as Go's {@code URL.Query}
     * does.
     *
     * @param raw without the question mark
     */
    public static Query parse(String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (!pair.isEmpty() && pair.indexOf(';') < 0) {
                add(pair, values);
            }
        }
        return new Query(values);
    }

    private static void add(String pair, Map<String, List<String>> values) {
        int equals = pair.indexOf('=');
        try {
            String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
        } catch (IllegalArgumentException e) {
            return; // no pair
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The first value, empty text when there is none. */
    public String get(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** True for {@code name}, {@code name=true}, {@code name=1}; as apimachinery converts it. */
    public boolean flag(String name) {
        return has(name)
                && switch (get(name)) {
                    case "false", "0" -> false;
                    default -> true;
                };
    }

    /** Throws BadRequest when there is a value that is no whole number. */
    public OptionalLong number(String name) {
        if (!has(name)) {
            return OptionalLong.empty();
        }
        String text = get(name);
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest(
                    "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }
}
