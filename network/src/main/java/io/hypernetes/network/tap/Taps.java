package io.hypernetes.network.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The TAP devices of a network namespace. They are persistent: they stay when the program that made
 * them or the virtual machine that uses them ends.
 */
public final class Taps {

    /** The kernel's limit, IFNAMSIZ without the final zero. */
    public static final int MAX_NAME = 15;

    private static final long TUNSETIFF = 0x400454ca;
    private static final long TUNSETPERSIST = 0x400454cb;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCGIFMTU = 0x8921;
    private static final long SIOCSIFMTU = 0x8922;
    private static final long SIOCGIFINDEX = 0x8933;
    private static final short IFF_TAP_NO_PI = 0x1002;
    private static final short IFF_UP = 1;

    /** struct ifreq: the name, then a union. */
    private static final long IFREQ_BYTES = 40;

    private static final long UNION = 16;

    private final Netns netns;

    public Taps(Netns netns) {
        this.netns = netns;
    }

    /** The kernel's number of a device of the namespace; -1 when there is none of this name. */
    public int index(String name) throws IOException {
        return netns.call(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment request = ifreq(arena, name);
                return control(socket -> {
                    Libc.ioctl("find " + name, socket, SIOCGIFINDEX, request);
                    return request.get(JAVA_INT_UNALIGNED, UNION);
                });
            } catch (Libc.Failure e) {
                if (e.errno() == Libc.ENODEV) {
                    return -1;
                }
                throw e;
            }
        });
    }

    /** Of a device of the namespace, in bytes. */
    public int mtu(String name) throws IOException {
        return netns.call(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment request = ifreq(arena, name);
                return control(socket -> {
                    Libc.ioctl("ask for the MTU of " + name, socket, SIOCGIFMTU, request);
                    return request.get(JAVA_INT_UNALIGNED, UNION);
                });
            }
        });
    }

    /** Makes a device, or finds it, and brings it up with this MTU in bytes. */
    public void ensure(String name, int mtu) throws IOException {
        boolean exists = index(name) >= 0;
        netns.call(() -> {
            if (!exists) {
                create(name);
            }
            return configure(name, mtu);
        });
    }

    /** Removes a device, also while a virtual machine holds it; nothing when there is none. */
    public void delete(String name) throws IOException {
        if (index(name) < 0) {
            return;
        }
        try {
            netns.deleteLink(name);
        } catch (IOException e) {
            if (index(name) >= 0) {
                throw e;
            } // else it went just now, with a namespace that held its other end
        }
    }

    private static void create(String name) throws IOException {
        int tun = Libc.open("/dev/net/tun", Libc.O_RDWR | Libc.O_CLOEXEC);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = ifreq(arena, name);
            request.set(JAVA_SHORT_UNALIGNED, UNION, IFF_TAP_NO_PI);
            Libc.ioctl("make the TAP " + name, tun, TUNSETIFF, request);
            Libc.ioctl("keep the TAP " + name, tun, TUNSETPERSIST, 1);
        } finally {
            Libc.close(tun);
        }
    }

    private static int configure(String name, int mtu) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return control(socket -> {
                MemorySegment request = ifreq(arena, name);
                request.set(JAVA_INT_UNALIGNED, UNION, mtu);
                Libc.ioctl("set the MTU of " + name, socket, SIOCSIFMTU, request);
                request = ifreq(arena, name);
                Libc.ioctl("look at " + name, socket, SIOCGIFFLAGS, request);
                short flags = request.get(JAVA_SHORT_UNALIGNED, UNION);
                request.set(JAVA_SHORT_UNALIGNED, UNION, (short) (flags | IFF_UP));
                Libc.ioctl("bring up " + name, socket, SIOCSIFFLAGS, request);
                return 0;
            });
        }
    }

    private interface OnSocket {
        int run(int socket) throws IOException;
    }

    private static int control(OnSocket work) throws IOException {
        int socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM_CLOEXEC);
        try {
            return work.run(socket);
        } finally {
            Libc.close(socket);
        }
    }

    static MemorySegment ifreq(Arena arena, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length == 0 || bytes.length > MAX_NAME) {
            throw new IllegalArgumentException(
                    "a device name has 1 to " + MAX_NAME + " characters: '" + name + "'");
        }
        MemorySegment request = arena.allocate(IFREQ_BYTES);
        MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return request;
    }
}
