package io.hypernetes.api.types.networking;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

/** References to objects of any kind. */
final class References {

    private References() {}

    /** {@code TypedLocalObjectReference}. */
    static void typed(Field reference) {
        reference.at("apiGroup").ifSet().form(Names::dnsSubdomain);
        reference.at("kind").required().ifGiven().form(Names::pathSegment);
        reference.at("name").required().ifGiven().form(Names::pathSegment);
    }
}
