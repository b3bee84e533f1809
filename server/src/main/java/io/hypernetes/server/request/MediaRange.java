package io.hypernetes.server.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One element of an Accept header, or a Content-Type.
 *
 * @param type lower case, for instance {@code application/json}
 * @param parameters lower-case names
 */
public record MediaRange(String type, Map<String, String> parameters) {
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    public static MediaRange parse(String text) {
        String[] parts = text.split(";", -1);
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        parts[i].substring(equals + 1).strip().replace("\"", ""));
            }
        }
        return new MediaRange(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
    }

    /** The ranges of Accept headers, the most wanted first (RFC 9110, section 12.5.1). */
    public static List<MediaRange> accepted(List<String> headers) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String header : headers) {
            Arrays.stream(header.split(",", -1))
                    .filter(range -> !range.isBlank())
                    .map(MediaRange::parse)
                    .forEach(ranges::add);
        }
        if (ranges.isEmpty()) {
            return List.of(new MediaRange("*/*", Map.of()));
        }
        ranges.removeIf(range -> range.quality() == 0);
        ranges.sort(
                Comparator.comparingDouble(MediaRange::quality)
                        .reversed()
                        .thenComparing(MediaRange::wildcards));
        return ranges;
    }

    /** What is named goes before what a wildcard covers. */
    private long wildcards() {
        return type.chars().filter(c -> c == '*').count();
    }

    /** How much it is wanted, 1 unless said otherwise; 0 refuses it. */
    public double quality() {
        String q = parameter("q");
        try {
            return q.isEmpty() ? 1 : Double.parseDouble(q);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
