package io.hypernetes.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Ethernet frames that the tests send, and what they read from those that come. */
public final class Frames {

    public static final String BROADCAST = "ff:ff:ff:ff:ff:ff";

    private static final short IPV4 = 0x0800;
    private static final short ARP = 0x0806;
    private static final int ETHERNET_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int UDP_BYTES = 8;

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
        return ip(fromMac, fromIp, toMac, toIp, 17, udp.array());
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

    private static ByteBuffer ethernet(String to, String from, short type, int length) {
        return ByteBuffer.allocate(ETHERNET_BYTES + length)
                .put(mac(to))
                .put(mac(from))
                .putShort(type);
    }

    /** The text of a UDP datagram; empty for every other frame. */
    public static String text(byte[] frame) {
        boolean udp = type(frame) == IPV4 && frame.length > 42 && frame[23] == 17;
        int end = udp ? ETHERNET_BYTES + ByteBuffer.wrap(frame).getShort(16) : 0;
        return udp ? new String(frame, 42, end - 42, StandardCharsets.UTF_8) : "";
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
        byte[] bytes = new byte[4];
        String[] parts = ip.split("\\.", -1);
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
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
