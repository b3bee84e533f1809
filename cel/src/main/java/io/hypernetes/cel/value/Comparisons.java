package io.hypernetes.cel.value;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Equality and order over all types, numbers by their value whatever their type. */
public final class Comparisons {
    private Comparisons() {}

    public static boolean equal(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b) == 0;
        }
        return switch (a) {
            case ListValue list -> b instanceof ListValue other && equalLists(list, other);
            case MapValue map -> b instanceof MapValue other && equalMaps(map, other);
            case Optional<?> optional ->
                    b instanceof Optional<?> other
                            && (optional.isPresent() && other.isPresent()
                                    ? equal(optional.get(), other.get())
                                    : optional.isEmpty() && other.isEmpty());
            default -> a.equals(b);
        };
    }

    private static boolean equalLists(ListValue a, ListValue b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(MapValue a, MapValue b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Object key : a.keys()) {
            Object mine = a.find(key);
            Object theirs = b.find(key);
            if (mine == null || theirs == null || !equal(mine, theirs)) {
                return false;
            }
        }
        return true;
    }

    public static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Unsigned;
    }

    /** 2 when one is not a number at all, so that no comparison holds. */
    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return Double.isNaN(x) || Double.isNaN(y) ? 2 : x < y ? -1 : x > y ? 1 : 0;
        }
        if (a instanceof Double x && !Double.isFinite(x)) {
            return Double.isNaN(x) ? 2 : x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && !Double.isFinite(y)) {
            return Double.isNaN(y) ? 2 : y > 0 ? -1 : 1;
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static BigDecimal decimal(Object number) {
        return switch (number) {
            case Long l -> BigDecimal.valueOf(l);
            case Unsigned u -> new BigDecimal(u.toBigInteger());
            case Double d -> new BigDecimal(d);
            default -> throw EvaluationException.noSuchOverload();
        };
    }

    /**
     * @return negative, zero, positive; 2 when both are numbers and one is NaN. Throws when the two
     *     have no order.
     */
    public static int compare(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        }
        return switch (a) {
            case String x when b instanceof String y -> Integer.signum(compareText(x, y));
            case Boolean x when b instanceof Boolean y -> x.compareTo(y);
            case Bytes x when b instanceof Bytes y -> Integer.signum(x.compareTo(y));
            case Duration x when b instanceof Duration y -> Integer.signum(x.compareTo(y));
            case Instant x when b instanceof Instant y -> Integer.signum(x.compareTo(y));
            default -> throw EvaluationException.noSuchOverload();
        };
    }

    /** By code points, as UTF-8 sorts, not by UTF-16 units. */
    private static int compareText(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean highX = Character.isSurrogate(x);
                boolean highY = Character.isSurrogate(y);
                return highX == highY ? Character.compare(x, y) : highX ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** The form of a map's key in which equal keys are equal in Java. */
    public static Object key(Object key) {
        return switch (key) {
            case Unsigned u when u.bits() >= 0 -> u.bits();
            case Double d when d == Math.rint(d) && Math.abs(d) < 0x1p63 -> d.longValue();
            default -> key;
        };
    }

    /** What Go's {@code Sizer} tells, and one for what has no size: the unit of cost. */
    public static long size(Object value) {
        return switch (value) {
            case String s -> s.codePointCount(0, s.length());
            case Bytes b -> b.size();
            case ListValue l -> l.size();
            case MapValue m -> m.size();
            default -> 1;
        };
    }
}
