package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.STRING;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;

import io.hypernetes.api.names.Names;
import io.hypernetes.cel.value.ListValue;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Named formats of texts: {@code format.dns1123Label().validate(x)} (pkg/cel/library, format). */
final class FormatLibrary {
    private static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    /**
     * @param errors of a text, empty when it has the format
     */
    private record Format(String name, Function<String, List<String>> errors) {}

    private FormatLibrary() {}

    private static final Map<String, Format> FORMATS = new LinkedHashMap<>();

    private static void format(String name, Function<String, List<String>> errors) {
        FORMATS.put(name, new Format(name, errors));
    }

    static {
        format("dns1123Label", Names::dnsLabel);
        format("dns1123Subdomain", Names::dnsSubdomain);
        format("dns1035Label", Names::dns1035Label);
        format("qualifiedName", Names::qualifiedName);
        format("labelValue", Names::labelValue);
        format("dns1123LabelPrefix", text -> Names.dnsLabel(prefix(text)));
        format("dns1123SubdomainPrefix", text -> Names.dnsSubdomain(prefix(text)));
        format("dns1035LabelPrefix", text -> Names.dns1035Label(prefix(text)));
        format("uri", text -> valid(isUri(text), "invalid URI for request"));
        format("uuid", text -> valid(isUuid(text), "does not match the UUID format"));
        format("byte", text -> valid(isBase64(text), "invalid base64"));
        format("date", text -> valid(isDate(text), "invalid date"));
        format("datetime", text -> valid(isDateTime(text), "invalid datetime"));
    }

    static void declare(Functions f) {
        f.type(FORMAT, Format.class);
        FORMATS.forEach((name, format) ->
                f.global(
                        "format." + name,
                        "format-" + name,
                        FORMAT,
                        List.of(),
                        Costs.ONE,
                        a -> format));
        f.global(
                "format.named",
                "format-named",
                OptionalType.create(FORMAT),
                List.of(STRING),
                Costs.ONE,
                a -> Optional.ofNullable(FORMATS.get((String) a[0])));
        f.member(
                "validate",
                "format-validate",
                OptionalType.create(ListType.create(STRING)),
                List.of(FORMAT, STRING),
                (a, r) -> 32 * Costs.characters(1 + ((String) a[1]).length()),
                a -> {
                    List<String> errors = ((Format) a[0]).errors.apply((String) a[1]);
                    return errors.isEmpty()
                            ? Optional.empty()
                            : Optional.of(ListValue.of(List.copyOf(errors)));
                });
    }

    /** A name that something will be added to may end with a hyphen. */
    private static String prefix(String text) {
        return text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text;
    }

    private static List<String> valid(boolean valid, String error) {
        return valid ? List.of() : List.of(error);
    }

    private static boolean isUri(String text) {
        try {
            return text.startsWith("/") || new java.net.URI(text).isAbsolute();
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }

    private static boolean isUuid(String text) {
        try {
            return text.length() == 36 && UUID.fromString(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        try {
            return OffsetDateTime.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
