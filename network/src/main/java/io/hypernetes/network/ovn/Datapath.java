package io.hypernetes.network.ovn;

import io.hypernetes.network.process.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who moves the packets. */
public enum Datapath {
    /** The kernel's module {@code openvswitch}. */
    KERNEL("system"),
    /** The process ovs-vswitchd itself; works on every kernel. */
    USERSPACE("netdev");

    private final String type;

    Datapath(String type) {
        this.type = type;
    }

    /** The word that Open vSwitch has for it. */
    String type() {
        return type;
    }

    /** The kernel's, if its module is there or can be loaded. */
    public static Datapath best() {
        return Files.exists(Path.of("/sys/module/openvswitch")) || loadsModule()
                ? KERNEL
                : USERSPACE;
    }

    private static boolean loadsModule() {
        try {
            Command.of("modprobe", "-q", "openvswitch").run();
            return Files.exists(Path.of("/sys/module/openvswitch"));
        } catch (IOException e) {
            return false; // no such module, or modules cannot be loaded here
        }
    }
}
