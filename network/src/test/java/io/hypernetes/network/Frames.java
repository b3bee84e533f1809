package io.hypernetes.network;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Ethernet frames that the tests send, and what they read from those that come. */
public final class Frames {

    public static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private static final short IPV4 = 0x0800;
    private static final short IPV6 = (short) 0x86dd;
    private static final short ARP = 0x0806;
    private static final int ETHERNET_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final byte SOLICITATION = (byte) 135;
    private static final byte ADVERTISEMENT = (byte) 136;

    private Frames() {}

    public static byte[] udp(
            String fromMac, String fromIp, String toMac, String toIp, String text) {
        return udp(fromMac, fromIp, toMac, toIp, 5000, text);
    }

    public static byte[] udp(
            String fromMac, String fromIp, String toMac, String toIp, int port, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer udp = ByteBuffer.allocate(UDP_BYTES + payload.length);
        udp.putShort((short) 4000).putShort((short) port);
        udp.putShort((short) (UDP_BYTES + payload.length)).putShort((short) 0); // no checksum
        udp.put(payload);
        if (fromIp.contains(":")) {
            return ipv6(fromMac, fromIp, toMac, toIp, UDP, udp.array());
        }
        return ip(fromMac, fromIp, toMac, toIp, UDP, udp.array());
    }

    public static byte[] ping(String fromMac, String fromIp, String toMac, String toIp) {
        ByteBuffer echo = ByteBuffer.allocate(16);
        echo.put((byte) 8).put((byte) 0).putShort((short) 0);
        echo.putShort((short) 7).putShort((short) 1).putLong(42);
        echo.putShort(2, checksum(echo.array()));
        return ip(fromMac, fromIp, toMac, toIp, 1, echo.array());
    }

    /** Who has this address? */
    public static byte[] arp(String fromMac, String fromIp, String ip) {
        ByteBuffer arp = ethernet(BROADCAST, fromMac, ARP, 28);
        arp.putShort((short) 1).putShort(IPV4).put((byte) 6).put((byte) 4).putShort((short) 1);
        arp.put(mac(fromMac)).put(address(fromIp)).put(new byte[6]).put(address(ip));
        return arp.array();
    }

    private static byte[] ip(
            String fromMac, String fromIp, String toMac, String toIp, int protocol, byte[] body) {
        ByteBuffer frame = ethernet(toMac, fromMac, IPV4, IP_BYTES + body.length);
        ByteBuffer header = ByteBuffer.allocate(IP_BYTES);
        header.put((byte) 0x45).put((byte) 0).putShort((short) (IP_BYTES + body.length));
        header.putInt(0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        header.put(address(fromIp)).put(address(toIp));
        header.putShort(10, checksum(header.array()));
        return frame.put(header.array()).put(body).array();
    }

    /** Who has this address of IPv6? Asked of those that it may be (RFC 4861, section 7.2.2). */
    public static byte[] solicit(String fromMac, String fromIp, String ip) {
        ByteBuffer question = ByteBuffer.allocate(32);
        question.put(SOLICITATION).put((byte) 0).putShort((short) 0).putInt(0).put(address(ip));
        question.put((byte) 1).put((byte) 1).put(mac(fromMac));
        byte[] end = Arrays.copyOfRange(address(ip), 13, 16);
        String group = "ff02::1:ff%02x:%02x%02x".formatted(end[0], end[1], end[2]);
        String mac = "33:33:ff:%02x:%02x:%02x".formatted(end[0], end[1], end[2]);
        return ipv6(fromMac, fromIp, mac, group, ICMPV6, question.array());
    }

    /** That the address is at the MAC, whether or not anybody asked. */
    public static byte[] advertise(String fromMac, String ip) {
        ByteBuffer answer = ByteBuffer.allocate(32);
        answer.put(ADVERTISEMENT).put((byte) 0).putShort((short) 0).putInt(0x20000000);
        answer.put(address(ip)).put((byte) 2).put((byte) 1).put(mac(fromMac));
        return ipv6(fromMac, ip, "33:33:00:00:00:01", "ff02::1", ICMPV6, answer.array());
    }

    /** The MAC that an advertisement tells for this address; empty for every other frame. */
    public static String advertised(byte[] frame, String ip) {
        boolean answer =
                type(frame) == IPV6
                        && frame.length >= 86
                        && frame[20] == ICMPV6
                        && frame[54] == ADVERTISEMENT
                        && Arrays.equals(Arrays.copyOfRange(frame, 62, 78), address(ip));
        return answer ? HexFormat.ofDelimiter(":").formatHex(frame, 80, 86) : "";
    }

    private static byte[] ipv6(
            String fromMac, String fromIp, String toMac, String toIp, int protocol, byte[] body) {
        ByteBuffer pseudo = ByteBuffer.allocate(IPV6_BYTES + body.length + body.length % 2);
        pseudo.put(address(fromIp)).put(address(toIp)).putInt(body.length).putInt(protocol);
        pseudo.put(body);
        int at = protocol == UDP ? 6 : 2;
        ByteBuffer.wrap(body).putShort(at, checksum(pseudo.array()));
        ByteBuffer frame = ethernet(toMac, fromMac, IPV6, IPV6_BYTES + body.length);
        frame.putInt(0x60000000).putShort((short) body.length);
        frame.put((byte) protocol).put((byte) 255);
        return frame.put(address(fromIp)).put(address(toIp)).put(body).array();
    }

    private static ByteBuffer ethernet(String to, String from, short type, int length) {
        return ByteBuffer.allocate(ETHERNET_BYTES + length)
                .put(mac(to))
                .put(mac(from))
                .putShort(type);
    }

    /** The text of a UDP datagram; empty for every other frame. */
    public static String text(byte[] frame) {
        int start =
                switch (type(frame)) {
                    case IPV4 -> frame[23] == UDP ? ETHERNET_BYTES + IP_BYTES : frame.length;
                    case IPV6 -> frame[20] == UDP ? ETHERNET_BYTES + IPV6_BYTES : frame.length;
                    default -> frame.length;
                };
        if (frame.length < start + UDP_BYTES) {
            return "";
        }
        int length = ByteBuffer.wrap(frame).getShort(start + 4) - UDP_BYTES;
        return new String(frame, start + UDP_BYTES, length, StandardCharsets.UTF_8);
    }

    public static boolean isPong(byte[] frame) {
        return type(frame) == IPV4 && frame[23] == 1 && frame[34] == 0;
    }

    /** The MAC that an ARP reply tells for this address; empty for every other frame. */
    public static String arpAnswer(byte[] frame, String ip) {
        boolean reply =
                type(frame) == ARP
                        && frame[21] == 2
                        && Arrays.equals(Arrays.copyOfRange(frame, 28, 32), address(ip));
        return reply ? HexFormat.ofDelimiter(":").formatHex(frame, 22, 28) : "";
    }

    private static short type(byte[] frame) {
        return ByteBuffer.wrap(frame).getShort(12);
    }

    private static byte[] mac(String mac) {
        return HexFormat.ofDelimiter(":").parseHex(mac);
    }

    private static byte[] address(String ip) {
        return InetAddress.ofLiteral(ip).getAddress();
    }

    private static short checksum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (short) ~sum;
    }
}
