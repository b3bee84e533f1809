package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;

import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;

import java.util.ArrayList;
import java.util.List;

/** cel-go's string extensions, version 2. Positions count code points. */
final class StringLibrary {
    private static final CelType STRINGS = ListType.create(STRING);

    private StringLibrary() {}

    static void declare(Functions f) {
        f.member(
                "charAt",
                "string_char_at_int",
                STRING,
                List.of(STRING, INT),
                Costs.ONE,
                a -> charAt((String) a[0], (Long) a[1]));
        f.member(
                "lowerAscii",
                "string_lower_ascii",
                STRING,
                List.of(STRING),
                Costs.WALK,
                a -> ascii((String) a[0], 'A', 'Z', 32));
        f.member(
                "upperAscii",
                "string_upper_ascii",
                STRING,
                List.of(STRING),
                Costs.WALK,
                a -> ascii((String) a[0], 'a', 'z', -32));
        f.member(
                "trim",
                "string_trim",
                STRING,
                List.of(STRING),
                Costs.WALK,
                a -> ((String) a[0]).strip());
        f.global(
                "strings.quote",
                "strings_quote",
                STRING,
                List.of(STRING),
                Costs.WALK,
                a -> quote((String) a[0]));
        positions(f);
        f.member(
                "substring",
                "string_substring_int",
                STRING,
                List.of(STRING, INT),
                Costs.WALK,
                a -> substring((String) a[0], (Long) a[1], length((String) a[0])));
        f.member(
                "substring",
                "string_substring_int_int",
                STRING,
                List.of(STRING, INT, INT),
                Costs.WALK,
                a -> substring((String) a[0], (Long) a[1], (Long) a[2]));
        f.member(
                "replace",
                "string_replace_string_string",
                STRING,
                List.of(STRING, STRING, STRING),
                Costs.walk(2),
                a -> ((String) a[0]).replace((String) a[1], (String) a[2]));
        f.member(
                "replace",
                "string_replace_string_string_int",
                STRING,
                List.of(STRING, STRING, STRING, INT),
                Costs.walk(2),
                a -> replace((String) a[0], (String) a[1], (String) a[2], (Long) a[3]));
        f.member(
                "split",
                "string_split_string",
                STRINGS,
                List.of(STRING, STRING),
                Costs.walk(2),
                a -> split((String) a[0], (String) a[1], -1));
        f.member(
                "split",
                "string_split_string_int",
                STRINGS,
                List.of(STRING, STRING, INT),
                Costs.walk(2),
                a -> split((String) a[0], (String) a[1], (Long) a[2]));
        f.member(
                "join",
                "list_join",
                STRING,
                List.of(STRINGS),
                Costs.walkResult(2),
                a -> join((ListValue) a[0], ""));
        f.member(
                "join",
                "list_join_string",
                STRING,
                List.of(STRINGS, STRING),
                Costs.walkResult(2),
                a -> join((ListValue) a[0], (String) a[1]));
        f.member(
                "format",
                "string_format",
                STRING,
                List.of(STRING, ListType.create(SimpleType.DYN)),
                Costs.WALK,
                a -> StringFormat.format((String) a[0], (ListValue) a[1]));
    }

    private static void positions(Functions f) {
        f.member(
                "indexOf",
                "string_index_of_string",
                INT,
                List.of(STRING, STRING),
                Costs.WALK,
                a -> indexOf((String) a[0], (String) a[1], 0));
        f.member(
                "indexOf",
                "string_index_of_string_int",
                INT,
                List.of(STRING, STRING, INT),
                Costs.WALK,
                a -> indexOf((String) a[0], (String) a[1], (Long) a[2]));
        f.member(
                "lastIndexOf",
                "string_last_index_of_string",
                INT,
                List.of(STRING, STRING),
                Costs.WALK,
                a -> lastIndexOf((String) a[0], (String) a[1], length((String) a[0])));
        f.member(
                "lastIndexOf",
                "string_last_index_of_string_int",
                INT,
                List.of(STRING, STRING, INT),
                Costs.WALK,
                a -> lastIndexOf((String) a[0], (String) a[1], (Long) a[2]));
    }

    private static long length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int offset(String text, long position) {
        if (position < 0 || position > length(text)) {
            throw new EvaluationException("index out of range: " + position);
        }
        return text.offsetByCodePoints(0, (int) position);
    }

    private static String charAt(String text, long position) {
        int at = offset(text, position);
        return at == text.length() ? "" : Character.toString(text.codePointAt(at));
    }

    private static String ascii(String text, char from, char to, int shift) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 0; i < changed.length(); i++) {
            char c = changed.charAt(i);
            if (c >= from && c <= to) {
                changed.setCharAt(i, (char) (c + shift));
            }
        }
        return changed.toString();
    }

    private static long indexOf(String text, String part, long from) {
        int at = text.indexOf(part, offset(text, from));
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static long lastIndexOf(String text, String part, long from) {
        int at = text.lastIndexOf(part, offset(text, from));
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static String substring(String text, long from, long to) {
        if (from > to) {
            throw new EvaluationException(
                    "invalid substring range. start: " + from + ", end: " + to);
        }
        return text.substring(offset(text, from), offset(text, to));
    }

    private static String replace(String text, String old, String with, long times) {
        if (times < 0) {
            return text.replace(old, with);
        }
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        for (long i = 0; i < times; i++) {
            int next = text.indexOf(old, at);
            if (next < 0) {
                break;
            }
            replaced.append(text, at, next).append(with);
            at = next + old.length();
            if (old.isEmpty() && at < text.length()) {
                replaced.append(text.charAt(at++));
            } else if (old.isEmpty()) {
                break;
            }
        }
        return replaced.append(text.substring(Math.min(at, text.length()))).toString();
    }

    private static ListValue split(String text, String by, long most) {
        if (most == 0) {
            return ListValue.EMPTY;
        }
        List<Object> parts = new ArrayList<>();
        int at = 0;
        while (most < 0 || parts.size() < most - 1) {
            int next =
                    by.isEmpty()
                            ? at
                                    + Character.charCount(
                                            at < text.length() ? text.codePointAt(at) : 0)
                            : text.indexOf(by, at);
            if (next < 0 || by.isEmpty() && next >= text.length()) {
                break;
            }
            parts.add(text.substring(at, next));
            at = next + by.length();
        }
        if (!by.isEmpty() || at < text.length()) {
            parts.add(text.substring(at));
        }
        return ListValue.of(parts);
    }

    private static String join(ListValue list, String between) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String part)) {
                throw EvaluationException.noSuchOverload();
            }
            joined.append(i == 0 ? "" : between).append(part);
        }
        return joined.toString();
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case 7 -> quoted.append("\\a");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case 11 -> quoted.append("\\v");
                case '\\' -> quoted.append("\\\\");
                case '"' -> quoted.append("\\\"");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
