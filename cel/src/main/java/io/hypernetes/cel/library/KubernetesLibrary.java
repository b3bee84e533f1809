package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import com.google.re2j.Matcher;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Regular expressions, quantities and versions: what Kubernetes adds to CEL (pkg/cel/library). */
final class KubernetesLibrary {
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType SEMVER = OpaqueType.create("kubernetes.Semver");

    private KubernetesLibrary() {}

    static void declare(Functions f) {
        f.type(QUANTITY, Quantity.class);
        f.type(SEMVER, Semver.class);
        f.member(
                "find",
                "string_find_string",
                STRING,
                List.of(STRING, STRING),
                Costs.MATCH,
                a -> {
                    Matcher matcher = StandardLibrary.pattern((String) a[1]).matcher((String) a[0]);
                    return matcher.find() ? matcher.group() : "";
                });
        f.member(
                "findAll",
                "string_find_all_string",
                ListType.create(STRING),
                List.of(STRING, STRING),
                Costs.MATCH,
                a -> findAll((String) a[0], (String) a[1], -1));
        f.member(
                "findAll",
                "string_find_all_string_int",
                ListType.create(STRING),
                List.of(STRING, STRING, INT),
                Costs.MATCH,
                a -> findAll((String) a[0], (String) a[1], (Long) a[2]));
        quantities(f);
        versions(f);
        f.global(
                "jsonpatch.escapeKey",
                "string_jsonpatch_escape_key_string",
                STRING,
                List.of(STRING),
                Costs.WALK,
                a -> ((String) a[0]).replace("~", "~0").replace("/", "~1"));
    }

    private static ListValue findAll(String text, String regex, long most) {
        Matcher matcher = StandardLibrary.pattern(regex).matcher(text);
        List<Object> found = new ArrayList<>();
        while ((most < 0 || found.size() < most) && matcher.find()) {
            found.add(matcher.group());
        }
        return ListValue.of(found);
    }

    private static Optional<Quantity> quantity(String text) {
        try {
            return Optional.of(Quantity.parse(text));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static void quantities(Functions f) {
        f.global(
                "isQuantity",
                "is_quantity_string",
                BOOL,
                List.of(STRING),
                Costs.WALK,
                a -> quantity((String) a[0]).isPresent());
        f.global(
                "quantity",
                "string_to_quantity",
                QUANTITY,
                List.of(STRING),
                Costs.WALK,
                a ->
                        quantity((String) a[0])
                                .orElseThrow(() ->
                                        new EvaluationException(
                                                "quantities must match the regular expression"
                                                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")));
        List<CelType> one = List.of(QUANTITY);
        List<CelType> two = List.of(QUANTITY, QUANTITY);
        List<CelType> number = List.of(QUANTITY, INT);
        f.member(
                "sign",
                "quantity_sign",
                INT,
                one,
                Costs.ONE,
                a -> (long) ((Quantity) a[0]).signum());
        f.member(
                "isInteger",
                "quantity_is_integer",
                BOOL,
                one,
                Costs.ONE,
                a -> isInteger((Quantity) a[0]));
        f.member(
                "asInteger",
                "quantity_get_int",
                INT,
                one,
                Costs.ONE,
                a -> {
                    if (!isInteger((Quantity) a[0])) {
                        throw new EvaluationException("cannot convert value to integer");
                    }
                    return ((Quantity) a[0]).amount().longValueExact();
                });
        f.member(
                "asApproximateFloat",
                "quantity_get_float",
                DOUBLE,
                one,
                Costs.ONE,
                a -> ((Quantity) a[0]).amount().doubleValue());
        f.member(
                "compareTo",
                "quantity_compare_to",
                INT,
                two,
                Costs.ONE,
                a -> (long) ((Quantity) a[0]).compareTo((Quantity) a[1]));
        f.member(
                "isGreaterThan",
                "quantity_is_greater_than",
                BOOL,
                two,
                Costs.ONE,
                a -> ((Quantity) a[0]).compareTo((Quantity) a[1]) > 0);
        f.member(
                "isLessThan",
                "quantity_is_less_than",
                BOOL,
                two,
                Costs.ONE,
                a -> ((Quantity) a[0]).compareTo((Quantity) a[1]) < 0);
        f.member(
                "add",
                "quantity_add",
                QUANTITY,
                two,
                Costs.ONE,
                a -> ((Quantity) a[0]).add((Quantity) a[1]));
        f.member(
                "sub",
                "quantity_sub",
                QUANTITY,
                two,
                Costs.ONE,
                a -> ((Quantity) a[0]).subtract((Quantity) a[1]));
        f.member(
                "add",
                "quantity_add_int",
                QUANTITY,
                number,
                Costs.ONE,
                a -> ((Quantity) a[0]).add(whole(a[1])));
        f.member(
                "sub",
                "quantity_sub_int",
                QUANTITY,
                number,
                Costs.ONE,
                a -> ((Quantity) a[0]).subtract(whole(a[1])));
    }

    private static Quantity whole(Object number) {
        return Quantity.of((Long) number, Quantity.Format.DECIMAL_SI);
    }

    private static boolean isInteger(Quantity quantity) {
        BigDecimal amount = quantity.amount().stripTrailingZeros();
        return amount.scale() <= 0 && amount.toBigInteger().bitLength() < 64;
    }

    private static Optional<Semver> version(Object text, boolean normalize) {
        return normalize ? Semver.normalize((String) text) : Semver.parse((String) text);
    }

    private static Semver required(Optional<Semver> version) {
        return version.orElseThrow(
                () -> new EvaluationException("Invalid character(s) found in version"));
    }

    private static void versions(Functions f) {
        List<CelType> one = List.of(SEMVER);
        List<CelType> two = List.of(SEMVER, SEMVER);
        f.global(
                "isSemver",
                "is_semver_string",
                BOOL,
                List.of(STRING),
                Costs.WALK,
                a -> version(a[0], false).isPresent());
        f.global(
                "isSemver",
                "is_semver_string_bool",
                BOOL,
                List.of(STRING, BOOL),
                Costs.WALK,
                a -> version(a[0], (Boolean) a[1]).isPresent());
        f.global(
                "semver",
                "string_to_semver",
                SEMVER,
                List.of(STRING),
                Costs.WALK,
                a -> required(version(a[0], false)));
        f.global(
                "semver",
                "string_bool_to_semver",
                SEMVER,
                List.of(STRING, BOOL),
                Costs.WALK,
                a -> required(version(a[0], (Boolean) a[1])));
        f.member("major", "semver_major", INT, one, Costs.ONE, a -> ((Semver) a[0]).major());
        f.member("minor", "semver_minor", INT, one, Costs.ONE, a -> ((Semver) a[0]).minor());
        f.member("patch", "semver_patch", INT, one, Costs.ONE, a -> ((Semver) a[0]).patch());
        f.member(
                "compareTo",
                "semver_compare_to",
                INT,
                two,
                Costs.ONE,
                a -> (long) ((Semver) a[0]).compareTo((Semver) a[1]));
        f.member(
                "isGreaterThan",
                "semver_is_greater_than",
                BOOL,
                two,
                Costs.ONE,
                a -> ((Semver) a[0]).compareTo((Semver) a[1]) > 0);
        f.member(
                "isLessThan",
                "semver_is_less_than",
                BOOL,
                two,
                Costs.ONE,
                a -> ((Semver) a[0]).compareTo((Semver) a[1]) < 0);
    }

    /** The answer of {@code getQuery}. */
    static final CelType QUERY = MapType.create(STRING, ListType.create(STRING));
}
