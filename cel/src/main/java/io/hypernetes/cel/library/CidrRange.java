package io.hypernetes.cel.library;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A range of addresses as {@code net.CIDR} in CEL; the address may have bits beyond the prefix. */
record CidrRange(Ip ip, int prefix) {
    static Optional<CidrRange> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9]\\d{0,2}")) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return Ip.parse(text.substring(0, slash))
                .filter(ip -> prefix <= ip.address().getAddress().length * 8)
                .map(ip -> new CidrRange(ip, prefix));
    }

    boolean contains(Ip other) {
        byte[] mine = ip.address().getAddress();
        byte[] theirs = other.address().getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (((mine[bit / 8] ^ theirs[bit / 8]) >> 7 - bit % 8 & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    boolean contains(CidrRange other) {
        return other.prefix >= prefix && contains(other.ip);
    }

    CidrRange masked() {
        byte[] bytes = ip.address().getAddress();
        for (int bit = prefix; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(1 << 7 - bit % 8);
        }
        try {
            return new CidrRange(new Ip(InetAddress.getByAddress(bytes)), prefix);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return ip + "/" + prefix;
    }
}
