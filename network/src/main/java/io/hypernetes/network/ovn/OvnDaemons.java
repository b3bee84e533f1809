package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.Underlay;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.process.Command;
import io.hypernetes.network.process.Daemon;
import io.hypernetes.network.tap.Netns;
import io.hypernetes.network.tap.Taps;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An Open vSwitch and an OVN for this installation alone. The switch is in a network namespace of
 * its own, and all is reachable only by UNIX sockets.
 *
 * <p>The daemons outlive this program. {@link #start} adopts those that run, starts those that do
 * not, and from then on one thread starts again whatever dies. {@link #close} lets them run, {@link
 * #stop} ends them; {@link #purge} also forgets all networks and addresses.
 */
public final class OvnDaemons implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OvnDaemons.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(10);

    private final OvnDirectory directory;
    private final Netns netns;
    private final OvnPrograms programs;
    private final Datapath datapath;
    private final OvnMember member;

    /** Held while this program keeps the daemons; guarded by this. */
    private @Nullable FileLock lock;

    /** Guarded by this. */
    private @Nullable Keeper keeper;

    /** The thread that looks after the daemons, and how it is told to end between two looks. */
    private record Keeper(Thread thread, CountDownLatch end) {}

    /**
     * Nothing happens yet.
     *
     * @param directory for all state of it; one per installation
     * @param datapath see {@link Datapath#best}
     */
    public OvnDaemons(Path directory, Datapath datapath) {
        this(directory, datapath, OvnMember.ALONE);
    }

    /**
     * Of one of several machines.
     *
     * @param member which one this is
     */
    public OvnDaemons(Path directory, Datapath datapath, OvnMember member) {
        this.directory = OvnDirectory.of(directory);
        this.datapath = datapath;
        this.member = member;
        this.netns = new Netns(this.directory.installation());
        this.programs = new OvnPrograms(this.directory, netns, datapath, member.role());
    }

    /**
     * Starts what does not run and keeps it running. Returns when everything is up.
     *
     * @throws NetworkException when that cannot be, with what to do
     */
    public synchronized void start() {
        if (keeper != null) {
            return;
        }
        try {
            OvnPrograms.requirePrograms();
            directory.create();
            takeLock();
            bringUp();
        } catch (IOException | OvsdbException e) {
            close();
            throw new NetworkException("OVN does not start: " + e.getMessage(), e);
        }
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().name("ovn-keeper").start(() -> keep(end));
        keeper = new Keeper(thread, end);
    }

    private void bringUp() throws IOException {
        if (netns.create() && !programs.openVswitchDatabase().isRunning()) {
            // What was plugged in there is gone with the old namespace. The ports are plugged in
            // again when their pods are attached; what stands in the file would only look ready.
            Files.deleteIfExists(directory.database(OvnPrograms.OVS_DB));
        }
        programs.prepareDatabases();
        ensureRunning(programs.openVswitchDatabase());
        if (member.role() instanceof OvnMember.Role.Central central) {
            ensureRunning(programs.northboundDatabase());
            ensureRunning(programs.southboundDatabase());
            OvnSettings.ensureGlobal(northbound(), "OVN_Northbound", "NB_Global");
            OvnSettings.ensureGlobal(southbound(), "OVN_Southbound", "SB_Global");
            OvnOffer.ensure(northbound(), southbound(), central.offer());
        }
        OvnSettings.configureSwitch(
                openVswitch(),
                southbound(),
                chassis(),
                member.underlay().map(Underlay::host),
                datapath);
        for (Daemon daemon : programs.all()) {
            ensureRunning(daemon);
        }
        if (member.underlay().isPresent()) {
            connect(member.underlay().get());
        }
    }

    private void ensureRunning(Daemon daemon) throws IOException {
        if (daemon.isRunning()) {
            return;
        }
        deleteSocketsOf(daemon.name());
        daemon.start();
        log.info("{} started, pid {}", daemon.name(), daemon.pid().orElse(-1));
    }

    /** Each death leaves the control socket of that process, named by its pid. */
    private void deleteSocketsOf(String name) throws IOException {
        try (DirectoryStream<Path> old =
                Files.newDirectoryStream(directory.run(), name + ".*.ctl")) {
            for (Path socket : old) {
                Files.deleteIfExists(socket);
            }
        }
    }

    private void keep(CountDownLatch end) {
        Map<String, Duration> backoff = new HashMap<>();
        Map<String, Long> notBefore = new HashMap<>();
        while (next(end)) {
            for (Daemon daemon : programs.all()) {
                boolean due =
                        System.nanoTime()
                                        - notBefore.getOrDefault(daemon.name(), Long.MIN_VALUE / 2)
                                >= 0;
                if (due && !daemon.isRunning()) {
                    startAgain(daemon);
                    Duration wait = backoff.getOrDefault(daemon.name(), LOOK_EVERY);
                    Duration twice = wait.multipliedBy(2);
                    backoff.put(
                            daemon.name(),
                            twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF);
                    notBefore.put(daemon.name(), System.nanoTime() + wait.toNanos());
                } else if (due) {
                    backoff.remove(daemon.name());
                }
            }
        }
    }

    /** Waits for the next look; false when there is none. */
    private boolean next(CountDownLatch end) {
        try {
            return !end.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void startAgain(Daemon daemon) {
        try {
            log.warn("{} is dead and is started again; see {}", daemon.name(), daemon.log());
            ensureRunning(daemon);
            if (daemon.name().equals(OvnPrograms.VSWITCHD) && member.underlay().isPresent()) {
                TunnelBridge.address(netns, member.underlay().get()); // its device is a new one
            }
        } catch (IOException e) {
            log.error("{} does not start and is tried again soon", daemon.name(), e);
        }
    }

    /**
     * Takes the device of an uplink, from the machine's own namespace if it is there, and plugs it
     * in. Call after {@link #start}.
     */
    void connect(Uplink uplink) {
        try {
            take(uplink.device());
            OvnSettings.configureUplink(openVswitch(), uplink.device(), datapath);
        } catch (IOException e) {
            throw new NetworkException(
                    "the uplink %s cannot be used: %s".formatted(uplink.device(), e.getMessage()),
                    e);
        }
    }

    private void connect(Underlay underlay) throws IOException {
        try {
            take(underlay.device());
            TunnelBridge.ensure(openVswitch(), netns, underlay, datapath);
        } catch (IOException e) {
            throw new IOException(
                    "the device %s cannot carry tunnels: %s"
                            .formatted(underlay.device(), e.getMessage()),
                    e);
        }
    }

    /** Takes a device into the switch's namespace. */
    private void take(String device) throws IOException {
        if (new Taps(netns).index(device) < 0) {
            Command.of("ip", "link", "set", device, "netns", netns.name()).run();
        }
        Command.of("ip", "-n", netns.name(), "link", "set", device, "up").run();
    }

    /** The running daemons by name; a pid of -1 stands for one that does not run. */
    public SequencedMap<String, Long> pids() {
        SequencedMap<String, Long> pids = new LinkedHashMap<>();
        for (Daemon daemon : programs.all()) {
            OptionalLong pid = daemon.pid();
            pids.put(daemon.name(), pid.orElse(-1));
        }
        return pids;
    }

    /** Where the database of networks is, on whatever machine. */
    public Remote northbound() {
        return switch (member.role()) {
            case OvnMember.Role.Central _ -> socket(OvnPrograms.NB_DB);
            case OvnMember.Role.Joined joined -> joined.northbound();
        };
    }

    /** Where the database of machines is, on whatever machine. */
    public Remote southbound() {
        return switch (member.role()) {
            case OvnMember.Role.Central _ -> socket(OvnPrograms.SB_DB);
            case OvnMember.Role.Joined joined -> joined.southbound();
        };
    }

    /** The database of this machine's switch. */
    public Remote openVswitch() {
        return socket(OvnPrograms.OVS_DB);
    }

    private Remote socket(String database) {
        return new Remote.Socket(directory.socket(database));
    }

    /** In bytes, of guests. */
    public int mtu() {
        return member.mtu();
    }

    /** Where the switch and all TAPs are. */
    public Netns netns() {
        return netns;
    }

    /** This machine's name in OVN. */
    public String chassis() {
        return switch (member.role()) {
            case OvnMember.Role.Central _ -> directory.installation();
            case OvnMember.Role.Joined joined -> joined.chassis();
        };
    }

    /**
     * Ends all daemons and removes the namespace with its bridges and TAPs. Networks and addresses
     * stay on disk. May be called without {@link #start}; nothing happens when nothing runs.
     */
    public synchronized void stop() {
        try {
            stopKeeping();
            Files.createDirectories(directory.root());
            takeLock(); // not under the feet of another program that keeps them
            endDaemons();
            directory.deleteRun();
            for (Netns ofNetwork : Netns.startingWith(LocalPorts.prefix(netns))) {
                ofNetwork.delete();
            }
            netns.delete();
        } catch (IOException e) {
            throw new NetworkException("OVN does not stop: " + e.getMessage(), e);
        } finally {
            releaseLock();
        }
    }

    private void endDaemons() {
        Daemon vswitchd = programs.vswitchd();
        for (Daemon daemon : programs.all().reversed()) {
            if (daemon.equals(vswitchd) && daemon.isRunning()) {
                exitVswitchd(daemon);
            }
            daemon.stop();
        }
    }

    /** Only this way the devices of its bridges go too. */
    private void exitVswitchd(Daemon vswitchd) {
        try {
            Command.of(
                            "ovs-appctl",
                            "--timeout=10",
                            "-t",
                            directory.control(OvnPrograms.VSWITCHD).toString(),
                            "exit",
                            "--cleanup")
                    .run();
            vswitchd.awaitEnd(Duration.ofSeconds(5));
        } catch (IOException e) {
            log.warn("ovs-vswitchd is ended by force: {}", e.getMessage());
        }
    }

    /** {@link #stop}, and nothing is left on disk. */
    public void purge() {
        stop();
        try {
            directory.delete();
        } catch (IOException e) {
            throw new NetworkException("cannot delete " + directory.root(), e);
        }
    }

    /** Stops keeping the daemons; they run on. */
    @Override
    public synchronized void close() {
        stopKeeping();
        releaseLock();
    }

    private void stopKeeping() {
        Keeper last = keeper;
        keeper = null;
        if (last == null) {
            return;
        }
        last.end().countDown(); // no interrupt: a daemon that is half started would be lost
        try {
            last.thread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeLock() throws IOException {
        if (lock != null) {
            return;
        }
        FileChannel channel =
                FileChannel.open(
                        directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // this very program has it, in another object
        }
        if (lock == null) {
            channel.close();
            throw new IOException(
                    directory.root()
                            + " is in use by another running Hypernetes: stop that one first or use"
                            + " another data directory");
        }
    }

    private void releaseLock() {
        FileLock held = lock;
        lock = null;
        if (held != null) {
            try {
                held.acquiredBy().close();
            } catch (IOException e) {
                log.warn("cannot release {}: {}", directory.lock(), e.getMessage());
            }
        }
    }
}
