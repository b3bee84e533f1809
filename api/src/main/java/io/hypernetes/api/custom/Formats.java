package io.hypernetes.api.custom;

import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The formats that Kubernetes knows of texts and numbers; any other says nothing. */
final class Formats {
    private static final String HEX = "[0-9a-fA-F]";
    private static final String UUID = "%1$s{8}-?%1$s{4}-?%2$s-?%3$s-?%1$s{12}";
    private static final String ANY4 = HEX + "{4}";
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private static final Map<String, Predicate<String>> TEXTS =
            Map.ofEntries(
                    Map.entry("date-time", Formats::isDateTime),
                    Map.entry("datetime", Formats::isDateTime),
                    Map.entry("date", Formats::isDate),
                    Map.entry("duration", Formats::isDuration),
                    Map.entry("byte", Formats::isBase64),
                    Map.entry("ipv4", text -> isIpv4(text)),
                    Map.entry("ipv6", text -> isIpv6(text)),
                    Map.entry("cidr", Formats::isCidr),
                    Map.entry("uri", Formats::isUri),
                    Map.entry("email", matches("[^@\\s]{1,64}@[^@\\s]+")),
                    Map.entry(
                            "hostname",
                            matches(
                                    "(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\\.?")),
                    Map.entry("mac", matches("(%1$s{2}[:-]){5}%1$s{2}".formatted(HEX))),
                    Map.entry("uuid", matches(UUID.formatted(HEX, ANY4, ANY4))),
                    Map.entry("uuid3", matches(UUID.formatted(HEX, "3" + HEX + "{3}", ANY4))),
                    Map.entry(
                            "uuid4",
                            matches(
                                    UUID.formatted(
                                            HEX, "4" + HEX + "{3}", "[89abAB]" + HEX + "{3}"))),
                    Map.entry(
                            "uuid5",
                            matches(
                                    UUID.formatted(
                                            HEX, "5" + HEX + "{3}", "[89abAB]" + HEX + "{3}"))),
                    Map.entry("hexcolor", matches("#?(%1$s{3}|%1$s{6})".formatted(HEX))),
                    Map.entry(
                            "rgbcolor",
                            matches("rgb\\(\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*\\)")),
                    Map.entry("creditcard", matches("[0-9 -]{12,25}")),
                    Map.entry("isbn", matches("([0-9][ -]?){9}[0-9Xx]|([0-9][ -]?){13}")),
                    Map.entry("isbn10", matches("([0-9][ -]?){9}[0-9Xx]")),
                    Map.entry("isbn13", matches("([0-9][ -]?){13}")),
                    Map.entry("ssn", matches("\\d{3}[- ]?\\d{2}[- ]?\\d{4}")),
                    Map.entry("bsonobjectid", matches(HEX + "{24}")),
                    Map.entry("k8s-short-name", matches("(?=.{1,63}$)" + LABEL)),
                    Map.entry(
                            "k8s-long-name",
                            matches("(?=.{1,253}$)%1$s(\\.%1$s)*".formatted(LABEL))));

    private Formats() {}

    /** Whether upstream knows a format of values of a type; others are ignored, with a warning. */
    static boolean knows(String type, String format) {
        return switch (type) {
            case "", "string" ->
                    TEXTS.containsKey(format)
                            || TEXTS.containsKey(format.replace("-", ""))
                            || format.equals("password");
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    static boolean accepts(String format, String text) {
        Predicate<String> rule = format.isEmpty() ? null : TEXTS.get(format);
        return rule == null || rule.test(text);
    }

    /** Whether an integer is one of the format: of {@code int64} without any. */
    static boolean holds(String format, BigDecimal number) {
        return format.equals("int32")
                ? within(number, Integer.MIN_VALUE, Integer.MAX_VALUE)
                : within(number, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static boolean within(BigDecimal value, long least, long most) {
        return value.compareTo(BigDecimal.valueOf(least)) >= 0
                && value.compareTo(BigDecimal.valueOf(most)) <= 0;
    }

    private static Predicate<String> matches(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> text.length() <= 1024 && compiled.matcher(text).matches();
    }

    private static boolean isDateTime(String text) {
        try {
            OffsetDateTime.parse(text.replace(' ', 'T'));
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static final Predicate<String> DURATION =
            matches(
                    "[-+]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)"
                            + "(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h))*)"
                            + "|[0-9]+ *(ns|us|µs|ms|s|sec|second|seconds|m|min|minute|minutes|h|hr"
                            + "|hour|hours|d|day|days|w|wk|week|weeks)");

    private static boolean isDuration(String text) {
        return DURATION.test(text);
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static final Predicate<String> IPV4 =
            matches(
                    "((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}"
                            + "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])");

    private static boolean isIpv4(String text) {
        return IPV4.test(text);
    }

    /** RFC 4291: at most eight groups, one run of zeros may be left out. */
    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (text.indexOf(':') < 0 || (gap >= 0 && text.indexOf("::", gap + 1) >= 0)) {
            return false;
        }
        int groups = 0;
        String[] parts = text.replace("::", ":").replaceAll("^:|:$", "").split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (last && isIpv4(parts[i])) {
                groups += 2;
            } else if (parts[i].matches(HEX + "{1,4}")) {
                groups++;
            } else if (!(parts.length == 1 && parts[i].isEmpty() && gap >= 0)) {
                return false;
            }
        }
        return gap >= 0 ? groups < 8 : groups == 8;
    }

    private static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
            return false;
        }
        String address = text.substring(0, slash);
        int bits = Integer.parseInt(text.substring(slash + 1));
        return (isIpv4(address) && bits <= 32) || (isIpv6(address) && bits <= 128);
    }

    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
