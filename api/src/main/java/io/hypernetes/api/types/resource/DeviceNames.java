package io.hypernetes.api.types.resource;

import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of drivers, pools, devices and their attributes. */
final class DeviceNames {

    private static final int MAX_DRIVER = 63;
    private static final int MAX_POOL = 253;
    private static final int MAX_IDENTIFIER = 32;
    private static final String IDENTIFIER_FORM = "[A-Za-z_][A-Za-z0-9_]*";
    private static final Pattern IDENTIFIER = Pattern.compile(IDENTIFIER_FORM);

    private DeviceNames() {}

    static void driver(Field name) {
        if (name.isGiven()) {
            driver(name, name.text());
        } else {
            name.tellRequired("");
        }
    }

    private static void driver(Field at, String name) {
        if (name.length() > MAX_DRIVER) {
            at.tooLong(MAX_DRIVER);
        }
        Names.dnsSubdomain(name.toLowerCase(Locale.ROOT)).forEach(wrong -> at.invalid(name, wrong));
    }

    static void pool(Field name) {
        if (!name.isGiven()) {
            name.tellRequired("");
            return;
        }
        if (name.text().length() > MAX_POOL) {
            name.tooLong(MAX_POOL);
        }
        for (String part : name.text().split("/", -1)) {
            Names.dnsSubdomain(part).forEach(wrong -> name.invalid(part, wrong));
        }
    }

    /** {@code model} or {@code example.com/model}. */
    static void attribute(Field at, String name) {
        if (name.isEmpty()) {
            at.tellRequired("name required");
            return;
        }
        String[] parts = name.split("/", -1);
        if (parts.length == 1) {
            identifier(at, parts[0]);
        } else if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                at.tellRequired("the domain must not be empty");
            } else {
                driver(at, parts[0]);
            }
            if (parts[1].isEmpty()) {
                at.tellRequired("the name must not be empty");
            } else {
                identifier(at, parts[1]);
            }
        }
    }

    static void qualifiedAttribute(Field name) {
        attribute(name, name.text());
        if (name.isGiven() && !name.text().contains("/")) {
            name.invalid("must include a domain");
        }
    }

    private static void identifier(Field at, String name) {
        if (name.length() > MAX_IDENTIFIER) {
            at.tooLong(MAX_IDENTIFIER);
        }
        if (!IDENTIFIER.matcher(name).matches()) {
            at.error(
                    Type.TYPE_INVALID,
                    "Invalid value: \""
                            + name
                            + "\": a valid C identifier must start with alphabetic character or"
                            + " '_', followed by a string of alphanumeric characters or '_' (e.g."
                            + " 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation"
                            + " is '"
                            + IDENTIFIER_FORM
                            + "')");
        }
    }
}
