package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** What the server keeps up to date on some tables (RFC 7047 section 4.1.5). */
interface Monitored {

    /** The columns of each table that are wanted. */
    Map<String, List<String>> columns();

    /** Begins anew with the answer to a monitor request. */
    void reset(JsonNode updates);

    void apply(JsonNode updates);
}
