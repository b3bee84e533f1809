package io.hypernetes.api.types.resource;

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

    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

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

    /**
     * {@code model} or {@code example.com/model}; told at {@code at}, whose value it need not be.
     */
    static void attribute(Field at, String name) {
        String[] parts = name.split("/", -1);
        switch (parts.length) {
            case 1 -> identifier(at, name);
            case 2 -> {
                if (parts[0].isEmpty()) {
                    at.invalid("", "the domain must not be empty");
                } else {
                    driver(at, parts[0]);
                }
                if (parts[1].isEmpty()) {
                    at.invalid("", "the name must not be empty");
                } else {
                    identifier(at, parts[1]);
                }
            }
            default -> at.invalid(name, "must not contain more than one slash");
        }
    }

    static void qualifiedAttribute(Field name) {
        attribute(name, name.text());
        if (!name.text().contains("/")) {
            name.invalid(
                    name.text(),
                    "a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    /** An identifier of RFC 4122, as Kubernetes writes it. */
    static void uid(Field uid) {
        if (uid.isSet() && !UID.matcher(uid.text()).matches()) {
            uid.invalid(
                    "uid must be in RFC 4122 normalized form,"
                            + " `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal"
                            + " characters");
        }
    }

    private static void identifier(Field at, String name) {
        if (name.length() > MAX_IDENTIFIER) {
            at.tooLong(MAX_IDENTIFIER);
        }
        if (!IDENTIFIER.matcher(name).matches()) {
            at.invalid(
                    name,
                    "a valid C identifier must start with alphabetic character or '_', followed by"
                            + " a string of alphanumeric characters or '_' (e.g. 'my_name',  or"
                            + " 'MY_NAME',  or 'MyName', regex used for validation is '"
                            + IDENTIFIER_FORM
                            + "')");
        }
    }
}
