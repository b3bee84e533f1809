package io.hypernetes.api.types.storage;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.Locale;

/** Names that volume drivers give: of themselves and of nodes. */
final class CsiNames {

    private static final int MAX_DRIVER = 63;
    static final int MAX_NODE_ID = 256;

    private CsiNames() {}

    /** A DNS name in any case, of at most 63 characters. */
    static void driver(Field name) {
        Field given = name.required().ifGiven();
        if (!given.isGiven()) {
            return;
        }
        if (given.text().length() > MAX_DRIVER) {
            given.tooLong(MAX_DRIVER);
        }
        Names.dnsSubdomain(given.text().toLowerCase(Locale.ROOT))
                .forEach(wrong -> given.invalid(given.text(), wrong));
    }
}
