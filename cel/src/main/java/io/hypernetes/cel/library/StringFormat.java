package io.hypernetes.cel.library;

import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;
import io.hypernetes.cel.value.Null;
import io.hypernetes.cel.value.Unsigned;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeMap;

/** {@code "…%s…".format([…])}: the clauses of cel-go's string extensions. */
final class StringFormat {
    /** Digits after the point beyond which nobody can want any. */
    private static final int MOST_DIGITS = 1000;

    private final String pattern;
    private final ListValue values;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private StringFormat(String pattern, ListValue values) {
        this.pattern = pattern;
        this.values = values;
    }

    static String format(String pattern, ListValue values) {
        return new StringFormat(pattern, values).run();
    }

    private String run() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else if (at == pattern.length()) {
                throw new EvaluationException("unexpected end of string");
            } else if (pattern.charAt(at) == '%') {
                out.append('%');
                at++;
            } else {
                clause();
            }
        }
        return out.toString();
    }

    private void clause() {
        int digits = 6;
        if (pattern.charAt(at) == '.') {
            int start = ++at;
            while (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
                at++;
            }
            if (at == start || at == pattern.length() || at - start > 4) {
                throw new EvaluationException("could not find end of precision specifier");
            }
            digits = Math.min(MOST_DIGITS, Integer.parseInt(pattern.substring(start, at)));
        }
        char verb = pattern.charAt(at++);
        if (used >= values.size()) {
            throw new EvaluationException("index " + used + " out of range");
        }
        Object value = values.get(used++);
        out.append(
                switch (verb) {
                    case 's' -> text(value);
                    case 'd' -> decimal(value);
                    case 'f' -> fixed(value, digits);
                    case 'e' -> scientific(value, digits);
                    case 'b' -> binary(value);
                    case 'x' -> hex(value);
                    case 'X' -> hex(value).toUpperCase(Locale.ROOT);
                    case 'o' -> Long.toOctalString(whole(value, "octal"));
                    default ->
                            throw new EvaluationException(
                                    "could not parse formatting clause: unrecognized formatting"
                                            + " clause \""
                                            + verb
                                            + "\"");
                });
    }

    private static EvaluationException wrong(String clause) {
        return new EvaluationException("error during formatting: " + clause);
    }

    private static String text(Object value) {
        return switch (value) {
            case Null _ -> "null";
            case io.hypernetes.cel.value.TypeName type -> type.name();
            case Bytes bytes -> new String(bytes.content(), StandardCharsets.UTF_8);
            case ListValue list -> {
                StringBuilder shown = new StringBuilder("[");
                for (int i = 0; i < list.size(); i++) {
                    shown.append(i == 0 ? "" : ", ").append(text(list.get(i)));
                }
                yield shown.append(']').toString();
            }
            case MapValue map -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                for (Object key : map.keys()) {
                    Object item = map.find(key);
                    sorted.put(text(key), item == null ? "null" : text(item));
                }
                StringBuilder shown = new StringBuilder("{");
                sorted.forEach((key, item) ->
                        shown.append(shown.length() == 1 ? "" : ", ")
                                .append(key)
                                .append(": ")
                                .append(item));
                yield shown.append('}').toString();
            }
            default -> ConversionLibrary.text(value);
        };
    }

    private static String decimal(Object value) {
        return switch (value) {
            case Long number -> number.toString();
            case Unsigned number -> number.toString();
            default -> throw wrong("decimal clause can only be used on integers");
        };
    }

    private static double real(Object value, String clause) {
        return switch (value) {
            case Double number -> number;
            case Long number -> number.doubleValue();
            default -> throw wrong(clause + " clause can only be used on doubles");
        };
    }

    private static String fixed(Object value, int digits) {
        double number = real(value, "fixed-point");
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                : ConversionLibrary.real(number);
    }

    private static String scientific(Object value, int digits) {
        double number = real(value, "scientific");
        return Double.isFinite(number)
                ? String.format(Locale.ROOT, "%." + digits + "e", number)
                : ConversionLibrary.real(number);
    }

    private static String binary(Object value) {
        return value instanceof Boolean bool
                ? (bool ? "1" : "0")
                : Long.toBinaryString(whole(value, "binary"));
    }

    private static long whole(Object value, String clause) {
        return switch (value) {
            case Long number -> number;
            case Unsigned number -> number.bits();
            default -> throw wrong("only integers can be formatted with the " + clause + " clause");
        };
    }

    private static String hex(Object value) {
        return switch (value) {
            case Long number ->
                    number < 0 ? "-" + Long.toHexString(-number) : Long.toHexString(number);
            case Unsigned number -> Long.toHexString(number.bits());
            case String string ->
                    java.util.HexFormat.of().formatHex(string.getBytes(StandardCharsets.UTF_8));
            case Bytes bytes -> java.util.HexFormat.of().formatHex(bytes.content());
            default ->
                    throw wrong("only integers, byte buffers, and strings can be formatted as hex");
        };
    }
}
