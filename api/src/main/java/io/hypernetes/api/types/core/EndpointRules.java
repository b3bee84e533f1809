package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.net.InetAddress;
import java.util.List;

/** Rules for the addresses of endpoints: pods are at none that means the node itself. */
public final class EndpointRules {

    private EndpointRules() {}

    /** Of a text that is an address. */
    public static void reachable(Field address) {
        InetAddress ip = InetAddress.ofLiteral(address.text());
        if (ip.isAnyLocalAddress()) {
            address.invalid("may not be unspecified (" + address.text() + ")");
        }
        if (ip.isLoopbackAddress()) {
            address.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (ip.isLinkLocalAddress()) {
            address.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        byte[] bytes = ip.getAddress();
        boolean localMulticast =
                bytes.length == 4
                        ? (bytes[0] & 0xff) == 224 && bytes[1] == 0 && bytes[2] == 0
                        : ip.isMCLinkLocal();
        if (localMulticast) {
            address.invalid(
                    "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    /** The subsets of {@code Endpoints}. */
    static void subset(Field subset) {
        if (!subset.at("addresses").isGiven() && !subset.at("notReadyAddresses").isGiven()) {
            subset.tellRequired("must specify `addresses` or `notReadyAddresses`");
        }
        for (String list : List.of("addresses", "notReadyAddresses")) {
            for (Field address : subset.at(list).items()) {
                Field ip = address.at("ip");
                ip.form(Addresses::address);
                address.at("hostname").ifGiven().form(Names::dnsLabel);
                address.at("nodeName").ifSet().form(Names::dnsSubdomain);
                if (Addresses.isAddress(ip.text())) {
                    reachable(ip);
                } else {
                    ip.invalid("must be a valid IP address");
                }
            }
        }
        List<Field> ports = subset.at("ports").items();
        for (Field port : ports) {
            if (ports.size() > 1) {
                port.at("name").required();
            }
            port.at("name").ifGiven().form(Names::dnsLabel);
            port.at("port").between(1, 65535);
            port.at("protocol").required().oneOf(ContainerRules.PROTOCOLS);
            port.at("appProtocol").ifSet().form(Names::qualifiedName);
        }
    }
}
