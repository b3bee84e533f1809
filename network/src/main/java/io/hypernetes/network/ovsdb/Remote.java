package io.hypernetes.network.ovsdb;

import java.nio.file.Path;

/** Where an OVSDB server is reached. */
public sealed interface Remote {

    /** As the programs of Open vSwitch and OVN write it (ovsdb(7)). */
    String text();

    /** On this machine. */
    record Socket(Path path) implements Remote {
        @Override
        public String text() {
            return "unix:" + path;
        }
    }

    /** On any machine. Both ends show certificates of one authority. */
    record Tls(String host, int port, TlsFiles files) implements Remote {
        @Override
        public String text() {
            return "ssl:" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}
