package io.hypernetes.cel.library;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version (semver.org 2.0).
 *
 * @param pre what follows the hyphen, in its parts
 * @param build what follows the plus sign; it has no part in the order
 */
record Semver(long major, long minor, long patch, List<String> pre, String build)
        implements Comparable<Semver> {
    private static final String NUMBER = "(0|[1-9]\\d{0,17})";
    private static final Pattern STRICT =
            Pattern.compile(
                    NUMBER
                            + "\\."
                            + NUMBER
                            + "\\."
                            + NUMBER
                            + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?"
                            + "(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");

    static Optional<Semver> parse(String text) {
        Matcher matcher = STRICT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String pre = matcher.group(4);
        List<String> parts = pre == null ? List.of() : List.of(pre.split("\\.", -1));
        if (parts.stream().anyMatch(part -> part.matches("0\\d+"))) {
            return Optional.empty();
        }
        return Optional.of(
                new Semver(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)),
                        parts,
                        matcher.group(5) == null ? "" : matcher.group(5)));
    }

    /** Takes a {@code v} before, one or two numbers instead of three, and leading zeros. */
    static Optional<Semver> normalize(String text) {
        String version = text.startsWith("v") ? text.substring(1) : text;
        int end = 0;
        while (end < version.length() && "0123456789.".indexOf(version.charAt(end)) >= 0) {
            end++;
        }
        String rest = version.substring(end);
        String[] numbers = version.substring(0, end).split("\\.", -1);
        if (numbers.length > 3 || numbers.length < 3 && !rest.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            String number = i < numbers.length ? numbers[i].replaceFirst("^0+(?=\\d)", "") : "0";
            whole.append(i == 0 ? "" : ".").append(number);
        }
        return parse(whole + rest);
    }

    @Override
    public int compareTo(Semver other) {
        int order = Long.compare(major, other.major);
        order = order != 0 ? order : Long.compare(minor, other.minor);
        order = order != 0 ? order : Long.compare(patch, other.patch);
        if (order != 0 || pre.equals(other.pre)) {
            return order;
        }
        if (pre.isEmpty() || other.pre.isEmpty()) {
            return pre.isEmpty() ? 1 : -1;
        }
        for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
            int part = comparePart(pre.get(i), other.pre.get(i));
            if (part != 0) {
                return part;
            }
        }
        return Integer.compare(pre.size(), other.pre.size());
    }

    private static int comparePart(String a, String b) {
        boolean numberA = a.matches("\\d+");
        boolean numberB = b.matches("\\d+");
        if (numberA && numberB) {
            int length = Integer.compare(a.length(), b.length());
            return length != 0 ? length : Integer.signum(a.compareTo(b));
        }
        return numberA != numberB ? (numberA ? -1 : 1) : Integer.signum(a.compareTo(b));
    }

    /** CEL's equality leaves the build out, as the order does. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Semver semver && compareTo(semver) == 0;
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(major, minor, patch, pre);
    }

    @Override
    public String toString() {
        return major
                + "."
                + minor
                + "."
                + patch
                + (pre.isEmpty() ? "" : "-" + String.join(".", pre))
                + (build.isEmpty() ? "" : "+" + build);
    }
}
