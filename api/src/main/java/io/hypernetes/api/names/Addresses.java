package io.hypernetes.api.names;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * IP addresses and ranges. As in {@link Names}, a rule answers what is wrong, in Kubernetes' words;
 * an empty list is a good text.
 */
public final class Addresses {

    private static final String IS_NONE =
            "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String IS_NO_RANGE =
            "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern PLAIN_IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

    private Addresses() {}

    /** IPv4 or IPv6. */
    public static List<String> address(String text) {
        if (!isAddress(text)) {
            return List.of(IS_NONE);
        }
        return isMapped(text) ? List.of("must not be an IPv4-mapped IPv6 address") : List.of();
    }

    /** A range of addresses, {@code 10.0.0.0/8}. */
    public static List<String> range(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isAddress(text.substring(0, slash))) {
            return List.of(IS_NO_RANGE);
        }
        String bits = text.substring(slash + 1);
        int most = isIpv4(text.substring(0, slash)) ? 32 : 128;
        boolean good = PREFIX.matcher(bits).matches() && Integer.parseInt(bits) <= most;
        return good ? List.of() : List.of(IS_NO_RANGE);
    }

    /** An address in the one form that RFC 5952 (and Go) writes it in: names of IPAddresses. */
    public static List<String> canonicalAddress(String text) {
        List<String> wrong = address(text);
        if (!wrong.isEmpty() || text.equals(canonical(text))) {
            return wrong;
        }
        return List.of("must be in canonical form (\"" + canonical(text) + "\")");
    }

    /** A range in its one form, with no bit set behind the prefix. */
    public static List<String> canonicalRange(String text) {
        List<String> wrong = range(text);
        if (!wrong.isEmpty()) {
            return wrong;
        }
        int slash = text.indexOf('/');
        byte[] bytes = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
        int length = Integer.parseInt(text.substring(slash + 1));
        for (int bit = length; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] >> (7 - bit % 8) & 1) == 1) {
                return List.of("must not have bits set beyond the prefix length");
            }
        }
        String form = canonical(text.substring(0, slash)) + text.substring(slash);
        return form.equals(text)
                ? List.of()
                : List.of("must be in canonical form (\"" + form + "\")");
    }

    /** An address with the length of its network's prefix, in its one form. */
    public static List<String> interfaceAddress(String text) {
        if (!range(text).isEmpty()) {
            return List.of(
                    "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        }
        int slash = text.indexOf('/');
        String form = canonical(text.substring(0, slash)) + text.substring(slash);
        return form.equals(text)
                ? List.of()
                : List.of("must be in canonical form (\"" + form + "\")");
    }

    /** RFC 5952: lower case, the longest run of zeros as {@code ::}. */
    public static String canonical(String text) {
        byte[] bytes = InetAddress.ofLiteral(text).getAddress();
        if (bytes.length == 4) {
            return InetAddress.ofLiteral(text).getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int longest = 1;
        for (int from = 0; from < groups.length; from++) {
            int to = from;
            while (to < groups.length && groups[to] == 0) {
                to++;
            }
            if (to - from > longest) {
                start = from;
                longest = to - from;
            }
        }
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == start) {
                form.append("::");
                i += longest - 1;
            } else {
                form.append(form.isEmpty() || form.charAt(form.length() - 1) == ':' ? "" : ":");
                form.append(Integer.toHexString(groups[i]));
            }
        }
        return form.toString();
    }

    public static boolean isAddress(String text) {
        return isIpv4(text) || isIpv6(text);
    }

    public static boolean isIpv4(String text) {
        String[] octets = text.split("\\.", -1);
        if (octets.length != 4) {
            return false;
        }
        for (String octet : octets) {
            if (!OCTET.matcher(octet).matches() || Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    public static boolean isIpv6(String text) {
        // No zone and no brackets: they belong to sockets and URLs.
        if (!text.contains(":") || !PLAIN_IPV6.matcher(text).matches()) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isMapped(String text) {
        return text.contains(":") && InetAddress.ofLiteral(text).getAddress().length == 4;
    }
}
