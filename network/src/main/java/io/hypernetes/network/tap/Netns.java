package io.hypernetes.network.tap;

import io.hypernetes.network.process.Command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * A named network namespace, as {@code ip netns} keeps them.
 *
 * @param name without a slash
 */
public record Netns(String name) {

    private static final Path ROOT = Path.of("/run/netns");
    private static final Path NET = Path.of("/proc/sys/net");

    /** Something that is done inside the namespace. */
    public interface Work<T> {
        T run() throws IOException;
    }

    /** The file that stands for it, for {@code nsenter --net=}. */
    public Path path() {
        return ROOT.resolve(name);
    }

    public boolean exists() {
        if (!Files.exists(path())) {
            return false;
        }
        try {
            return call(() -> true);
        } catch (IOException e) {
            return false; // the bare file that is left when the mount is gone
        }
    }

    /**
     * Makes the namespace unless it is there.
     *
     * @return whether it was made
     */
    public boolean create() throws IOException {
        boolean made = false;
        if (!exists()) {
            Files.deleteIfExists(path());
            Command.of("ip", "netns", "add", name).run();
            made = true;
        }
        Command.of("ip", "-n", name, "link", "set", "lo", "up").run();
        silence();
        return made;
    }

    /**
     * The kernel's own protocols see every frame of a TAP beside Open vSwitch. Without IPv6 and ARP
     * answers there is nothing in this namespace that a guest could talk to, and nothing is passed
     * from one TAP to another. What comes in by a device that does not lead to its sender is
     * dropped, and no TAP leads anywhere: the address of tunnels, if there is one, hears no guest.
     */
    private void silence() throws IOException {
        call(() -> {
            forwardNothing();
            write(NET.resolve("ipv4/conf/default/arp_ignore"), "8");
            write(NET.resolve("ipv4/conf/all/rp_filter"), "1");
            return true;
        });
    }

    /** Lets one device of this namespace say that it has its addresses. */
    public void answerOn(String device) throws IOException {
        call(() -> {
            write(NET.resolve("ipv4/conf/" + device + "/arp_ignore"), "0");
            return true;
        });
    }

    private static void forwardNothing() throws IOException {
        for (String scope : List.of("all", "default")) {
            if (Files.exists(NET.resolve("ipv6"))) {
                write(NET.resolve("ipv6/conf/" + scope + "/disable_ipv6"), "1");
            }
        }
        write(NET.resolve("ipv4/ip_forward"), "0");
    }

    /** Makes a namespace for programs that answer there; nothing passes through it. */
    public void createForServers() throws IOException {
        if (!exists()) {
            Files.deleteIfExists(path());
            Command.of("ip", "netns", "add", name).run();
        }
        call(() -> {
            forwardNothing();
            return true;
        });
    }

    /**
     * Gives a device IPv6, which namespaces of servers do not have from the begin. Its address is
     * known to be its own, and nobody tells it where to send its packets.
     */
    void speakIpv6(String device) throws IOException {
        call(() -> {
            Path settings = NET.resolve("ipv6/conf").resolve(device);
            write(settings.resolve("accept_dad"), "0");
            write(settings.resolve("accept_ra"), "0");
            write(settings.resolve("disable_ipv6"), "0");
            return true;
        });
    }

    /** The namespaces whose names begin so. */
    public static List<Netns> startingWith(String prefix) throws IOException {
        if (!Files.isDirectory(ROOT)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(ROOT)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(prefix))
                    .map(Netns::new)
                    .toList();
        }
    }

    private static void write(Path setting, String value) throws IOException {
        Files.writeString(setting, value);
    }

    /** Removes the name; the namespace and its devices go with the last process inside. */
    public void delete() throws IOException {
        if (Files.exists(path())) {
            Command.of("ip", "netns", "del", name).run();
        }
    }

    void deleteLink(String device) throws IOException {
        Command.of("ip", "-n", name, "link", "del", "dev", device).run();
    }

    /**
     * Runs something inside the namespace. A namespace belongs to a thread of the kernel: this is
     * done on a fresh platform thread, which ends after it, since a carrier of virtual threads or a
     * pool thread would take others along.
     */
    public <T> T call(Work<T> work) throws IOException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("netns-" + name)
                .start(() -> {
                    try {
                        enter();
                        result.complete(work.run());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }

    private void enter() throws IOException {
        int fd = Libc.open(path().toString(), Libc.O_CLOEXEC);
        try {
            Libc.setns(fd);
        } finally {
            Libc.close(fd);
        }
    }
}
