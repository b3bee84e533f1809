package io.hypernetes.network.dns;

import io.hypernetes.api.names.Addresses;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Addresses as DNS has them: in records, in labels, and the other way round. Pure. */
final class AddressNames {

    private static final int NIBBLES = 32;

    private AddressNames() {}

    /** In the one form in which addresses are compared; empty for what is none. */
    static Optional<String> canonical(String text) {
        return Addresses.isAddress(text)
                ? Optional.of(text.contains(":") ? Addresses.canonical(text) : text)
                : Optional.empty();
    }

    /** The type of the records that hold it. */
    static int type(String address) {
        return address.contains(":") ? Type.AAAA : Type.A;
    }

    static Record record(Name name, String address) {
        InetAddress parsed = InetAddress.ofLiteral(address);
        return type(address) == Type.AAAA
                ? new AAAARecord(name, DClass.IN, Zone.TTL, parsed)
                : new ARecord(name, DClass.IN, Zone.TTL, parsed);
    }

    /** {@code 10-0-0-3} or {@code fd00-1--3}; a label does not end with a dash. */
    static String label(String address) {
        String label = address.replace('.', '-').replace(':', '-');
        return label.endsWith("-") ? label + "0" : label;
    }

    /** The address that a label is made of. */
    static Optional<String> ofLabel(String label) {
        Optional<String> ipv4 = canonical(label.replace('-', '.'));
        return ipv4.isPresent() ? ipv4 : canonical(label.replace('-', ':'));
    }

    static boolean isReverse(Name name) {
        return name.subdomain(Zone.REVERSE) || name.subdomain(Zone.REVERSE_IPV6);
    }

    /**
     * The address whose name is asked for.
     *
     * @param labels below the zone
     */
    static Optional<String> ofReverse(List<String> labels, boolean ipv6) {
        if (!ipv6) {
            return canonical(String.join(".", labels.reversed()));
        }
        boolean whole =
                labels.size() == NIBBLES && labels.stream().allMatch(n -> n.matches("[0-9a-f]"));
        return whole
                ? canonical(String.join("", labels.reversed()).replaceAll("(.{4})(?!$)", "$1:"))
                : Optional.empty();
    }
}
