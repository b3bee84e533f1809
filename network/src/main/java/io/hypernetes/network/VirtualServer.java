package io.hypernetes.network;

import java.util.List;
import java.util.Locale;

/**
 * One port of a Service at one of its addresses, and who answers there.
 *
 * @param address that nobody has, for instance {@code 10.96.0.10}
 * @param backends of the address' family; none means that connections are refused
 * @param reach whom the backends answer
 */
public record VirtualServer(
        Protocol protocol, String address, int port, List<Backend> backends, Reach reach) {

    public enum Reach {
        EVERYWHERE,
        /** Each backend only for the pods of its own machine; who has none there is not heard. */
        OWN_MACHINE
    }

    /** For pods of all machines. */
    public VirtualServer(Protocol protocol, String address, int port, List<Backend> backends) {
        this(protocol, address, port, backends, Reach.EVERYWHERE);
    }

    public VirtualServer {
        backends = List.copyOf(backends);
    }

    public enum Protocol {
        TCP,
        UDP,
        SCTP;

        /** As the data plane writes it: {@code tcp}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A port of a pod, or of whatever is at an address. */
    public record Backend(String address, int port) {
        @Override
        public String toString() {
            return socket(address, port);
        }
    }

    /** {@code 10.96.0.10:80} or {@code [fd00:10:96::a]:80} (RFC 5952 section 6). */
    public static String socket(String address, int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
}
