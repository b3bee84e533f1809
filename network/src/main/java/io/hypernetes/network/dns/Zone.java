package io.hypernetes.network.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;

/** The zones that we answer for, and their names. */
final class Zone {

    /** Seconds that an answer may be kept: short, as a Service's endpoints come and go. */
    static final long TTL = 5;

    static final Name CLUSTER = name("cluster.local.");
    static final Name REVERSE = name("in-addr.arpa.");
    static final Name REVERSE_IPV6 = name("ip6.arpa.");
    static final Name SERVER = name("ns.dns.cluster.local.");

    private static final Name MASTER = name("hostmaster.cluster.local.");
    private static final long REFRESH = 7200;
    private static final long RETRY = 1800;
    private static final long EXPIRE = 86400;

    private Zone() {}

    /** Says in an empty answer who says so, and for how long (RFC 2308). */
    static Record soa(Name zone) {
        return new SOARecord(zone, DClass.IN, TTL, SERVER, MASTER, 1, REFRESH, RETRY, EXPIRE, TTL);
    }

    /** A name that is known to be one. */
    static Name name(String text) {
        try {
            return Name.fromString(text);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(text + " is not a DNS name", e);
        }
    }
}
