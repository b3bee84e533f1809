package io.hypernetes.cel.library;

import java.net.InetAddress;
import java.util.Optional;

/** An address as {@code net.IP} in CEL. */
record Ip(InetAddress address) {
    /** Empty for what upstream does not take: leading zeros, zones, IPv4 written as IPv6. */
    static Optional<Ip> parse(String text) {
        try {
            if (text.indexOf(':') < 0 && !isDotted(text) || text.indexOf('%') >= 0) {
                return Optional.empty();
            }
            InetAddress address = InetAddress.ofLiteral(text);
            // Java makes an IPv4 address of the mapped form, which upstream refuses.
            return text.indexOf(':') >= 0 && address.getAddress().length == 4
                    ? Optional.empty()
                    : Optional.of(new Ip(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isDotted(String text) {
        return text.matches("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    }

    long family() {
        return address.getAddress().length == 4 ? 4 : 6;
    }

    boolean isLinkLocalMulticast() {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0
                : bytes[0] == -1 && (bytes[1] & 0x0f) == 2;
    }

    boolean isGlobalUnicast() {
        byte[] bytes = address.getAddress();
        boolean broadcast =
                bytes.length == 4
                        && bytes[0] == -1
                        && bytes[1] == -1
                        && bytes[2] == -1
                        && bytes[3] == -1;
        return !broadcast
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }

    /** The short form of RFC 5952. */
    @Override
    public String toString() {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int from = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && groups[j] == 0) {
                j++;
            }
            if (j - i > longest) {
                longest = j - i;
                from = i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
