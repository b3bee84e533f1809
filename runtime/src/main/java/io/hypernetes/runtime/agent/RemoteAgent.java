package io.hypernetes.runtime.agent;

import io.hypernetes.cri.SandboxNic;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The agent at the other end of a UNIX socket. */
public final class RemoteAgent implements GuestAgent, AutoCloseable {

    private static final Duration QUICK = Duration.ofSeconds(30);

    /** For work on disks: mke2fs of a large disk, giving many files to a group, syncing. */
    private static final Duration SLOW = Duration.ofMinutes(5);

    /** Of a termination message, as Kubernetes has it. */
    private static final int MAX_LAST_WORDS = 4096;

    private static final int MAX_READ = 32_000;

    private final AgentChannel channel;
    private final ContainerExits exits;

    /** Guarded by itself. */
    private final Map<String, ContainerIo> streams = new HashMap<>();

    private RemoteAgent(SocketChannel socket, String name) {
        this.exits = new ContainerExits(name);
        this.channel = new AgentChannel(socket, name, exits::received);
        channel.end().thenRun(exits::close);
    }

    /**
     * Connects and begins a session: whatever an earlier host had under way ends, except for
     * containers; the guest's clock is set and its random number generator seeded.
     *
     * @param name of the machine, for thread names and errors
     * @param timeout for the guest's first answer
     * @param alive whether it is worth trying on
     * @throws AgentException when the guest does not answer
     */
    public static RemoteAgent connect(
            Path socket, String name, Duration timeout, BooleanSupplier alive)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(timeout);
        RemoteAgent agent = new RemoteAgent(dial(socket, deadline, alive), name);
        try {
            agent.channel.hello(timeout);
            return agent;
        } catch (AgentException | InterruptedException e) {
            agent.close();
            throw e;
        }
    }

    private static SocketChannel dial(Path path, Instant deadline, BooleanSupplier alive)
            throws InterruptedException {
        while (true) {
            try {
                SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    socket.connect(UnixDomainSocketAddress.of(path));
                    return socket;
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
            } catch (IOException e) {
                // The machine makes its socket some milliseconds after it was started.
                if (!alive.getAsBoolean() || Instant.now().isAfter(deadline)) {
                    throw new AgentException(
                            AgentException.Reason.LOST, "can not connect to " + path, e);
                }
                Thread.sleep(2);
            }
        }
    }

    /** Completes when the channel has ended, which as a rule means that the machine has. */
    public CompletableFuture<AgentException> end() {
        return channel.end();
    }

    @Override
    public void close() {
        channel.close();
    }

    // ---- sandbox ----

    @Override
    public void configure(GuestNetwork network) {
        Fields fields =
                new Fields()
                        .string(network.hostname())
                        .string(network.mac())
                        .u32(network.mtu())
                        .string(String.join("\n", network.resolvConf()) + "\n")
                        .string(network.hosts())
                        .u8(network.addresses().size());
        for (SandboxNic.Address address : network.addresses()) {
            fields.string(address.ip()).string(address.gateway()).u8(address.prefixLength());
        }
        channel.request(Op.CONFIGURE, fields, QUICK);
    }

    @Override
    public void createMemoryVolume(String volume, OptionalLong sizeBytes, OptionalLong fsGroup) {
        Fields fields =
                new Fields().string(volume).u64(sizeBytes.orElse(0)).u64(fsGroup.orElse(-1));
        channel.request(Op.MEMORY_VOLUME, fields, QUICK);
    }

    @Override
    public void mountDiskVolume(
            String volume, String disk, boolean readOnly, OptionalLong fsGroup) {
        Fields fields =
                new Fields().string(volume).string(disk).flag(readOnly).u64(fsGroup.orElse(-1));
        channel.request(Op.DISK_VOLUME, fields, SLOW);
    }

    @Override
    public void offerRawVolume(String volume, String disk) {
        channel.request(Op.RAW_VOLUME, new Fields().string(volume).string(disk), SLOW);
    }

    @Override
    public void offerImageVolume(String volume, String disk) {
        channel.request(Op.IMAGE_VOLUME, new Fields().string(volume).string(disk), SLOW);
    }

    @Override
    public void unmountVolume(String volume) {
        channel.request(Op.UNMOUNT, new Fields().string(volume), SLOW);
    }

    @Override
    public void writeFiles(String volume, List<GuestFile> files, OptionalLong fsGroup) {
        Fields fields = new Fields().string(volume).u64(fsGroup.orElse(-1)).u32(files.size());
        for (GuestFile file : files) {
            fields.string(file.path()).u32(file.mode()).blob(file.content());
        }
        channel.request(Op.FILES, fields, QUICK);
    }

    @Override
    public byte[] readFile(String volume, String path) {
        return channel.request(
                channel.nextId(),
                Op.READ_FILE,
                new Fields().string(volume).string(path),
                QUICK,
                answer -> answer.blob(MAX_READ));
    }

    // ---- containers ----

    @Override
    public void create(ContainerSpec container) {
        channel.request(Op.CREATE, ContainerFields.of(container), QUICK);
    }

    @Override
    public void start(String containerId) {
        channel.request(Op.START, new Fields().string(containerId), QUICK);
    }

    @Override
    public void signal(String containerId, int signal) {
        channel.request(Op.SIGNAL, new Fields().string(containerId).u8(signal), QUICK);
    }

    @Override
    public void limit(String containerId, ContainerResources resources) {
        Fields fields = ContainerFields.add(new Fields().string(containerId), resources);
        channel.request(Op.LIMIT, fields, QUICK);
    }

    @Override
    public byte[] lastWords(String containerId) {
        return channel.request(
                channel.nextId(),
                Op.LAST_WORDS,
                new Fields().string(containerId),
                QUICK,
                answer -> answer.blob(MAX_LAST_WORDS));
    }

    @Override
    public void remove(String containerId) {
        channel.request(Op.REMOVE, new Fields().string(containerId), SLOW);
        exits.forget(containerId);
        synchronized (streams) {
            ContainerIo io = streams.remove(containerId);
            if (io != null) {
                io.close();
            }
        }
    }

    @Override
    public List<ContainerStatus> containers() {
        return channel.request(
                channel.nextId(),
                Op.LIST,
                new Fields(),
                QUICK,
                answer -> {
                    List<ContainerStatus> list = new ArrayList<>();
                    for (int left = answer.count(); left > 0; left--) {
                        list.add(ContainerFields.status(answer));
                    }
                    return List.copyOf(list);
                });
    }

    @Override
    public ContainerStatus container(String containerId) {
        Optional<ContainerStatus> found =
                containers().stream().filter(c -> c.id().equals(containerId)).findFirst();
        return found.orElseThrow(() ->
                new AgentException(
                        AgentException.Reason.NOT_FOUND, "there is no container " + containerId));
    }

    @Override
    public void onContainerExit(Consumer<ContainerStatus> listener) {
        exits.listen(listener);
        containers().stream().filter(c -> c.exit().isPresent()).forEach(exits::ended);
    }

    @Override
    public void output(String containerId, OutputListener listener) {
        io(containerId).listen(listener);
    }

    @Override
    public GuestOutputStream stdin(String containerId) {
        return io(containerId).stdin();
    }

    @Override
    public void resize(String containerId, int columns, int rows) {
        Fields fields = new Fields().string(containerId).u16(columns).u16(rows);
        channel.request(Op.CONTAINER_RESIZE, fields, QUICK);
    }

    private ContainerIo io(String containerId) {
        synchronized (streams) {
            ContainerIo known = streams.get(containerId);
            return known == null ? attach(containerId) : known;
        }
    }

    /** Guarded by {@link #streams}. */
    private ContainerIo attach(String containerId) {
        int id = channel.nextId();
        GuestStream stream = channel.open(id, GuestStream.OUTPUT_WINDOW);
        try {
            Fields fields = new Fields().string(containerId);
            ContainerIo io =
                    channel.request(
                            id,
                            Op.ATTACH,
                            fields,
                            QUICK,
                            answer -> {
                                long[] offsets = {answer.u64(), answer.u64()};
                                stream.sendWindow(answer.i32());
                                return new ContainerIo(containerId, stream, offsets);
                            });
            streams.put(containerId, io);
            return io;
        } catch (AgentException e) {
            channel.forget(id);
            throw e;
        }
    }

    @Override
    public GuestProcess exec(String containerId, ExecSpec exec) {
        Fields fields =
                new Fields()
                        .string(containerId)
                        .strings(exec.args())
                        .flag(exec.tty())
                        .flag(exec.stdin());
        return new Exec(open(Op.EXEC, fields, QUICK), exec.stdin());
    }

    // ---- probes and connections ----

    @Override
    public ProbeResult probe(HttpProbe probe) {
        Fields fields =
                new Fields()
                        .string(probe.host())
                        .u16(probe.port())
                        .u32(probe.timeout().toMillis())
                        .blob(HttpRequest.of(probe));
        try {
            int status =
                    channel.request(
                            channel.nextId(),
                            Op.PROBE_HTTP,
                            fields,
                            probe.timeout().plusSeconds(10),
                            FieldReader::i32);
            return status >= 200 && status < 400
                    ? new ProbeResult(true, "HTTP status " + status, status)
                    : new ProbeResult(
                            false, "HTTP probe failed with statuscode: " + status, status);
        } catch (AgentException e) {
            return failed(e, "Get \"" + HttpRequest.url(probe) + "\": ");
        }
    }

    @Override
    public ProbeResult probe(TcpProbe probe) {
        Fields fields =
                new Fields().string(probe.host()).u16(probe.port()).u32(probe.timeout().toMillis());
        try {
            channel.request(Op.PROBE_TCP, fields, probe.timeout().plusSeconds(10));
            return new ProbeResult(true, "connected");
        } catch (AgentException e) {
            return failed(e, "");
        }
    }

    private static ProbeResult failed(AgentException e, String prefix) {
        return switch (e.reason()) {
            case FAILED, TIMEOUT -> new ProbeResult(false, prefix + e.getMessage());
            case LOST, INVALID, CONFLICT, NOT_FOUND, NOT_EXECUTABLE -> throw e;
        };
    }

    @Override
    public GuestConnection connect(int port, Duration timeout) {
        Fields fields = new Fields().u16(port).u32(timeout.toMillis());
        return new Connection(open(Op.CONNECT, fields, timeout.plusSeconds(10)));
    }

    private GuestStream open(Op op, Fields fields, Duration timeout) {
        int id = channel.nextId();
        GuestStream stream = channel.open(id, GuestStream.WINDOW);
        try {
            return channel.request(id, op, fields, timeout, answer -> stream);
        } catch (AgentException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public GuestStats stats() {
        return channel.request(
                channel.nextId(), Op.STATS, new Fields(), QUICK, ContainerFields::stats);
    }

    @Override
    public void ping(Duration timeout) {
        Instant now = Instant.now();
        Fields fields = new Fields().u64(now.getEpochSecond()).u32(now.getNano());
        channel.request(Op.CLOCK, fields, timeout);
    }

    @Override
    public void grow(int processors, long memoryBytes) {
        channel.request(Op.GROW, new Fields().u32(processors).u64(memoryBytes), SLOW);
    }

    @Override
    public void setSysctls(Map<String, String> values) {
        Fields fields = new Fields().u32(values.size());
        values.forEach((name, value) -> fields.string(name).string(value));
        channel.request(Op.SYSCTLS, fields, QUICK);
    }

    @Override
    public void powerOff() {
        channel.request(Op.POWER_OFF, new Fields(), SLOW);
    }

    private record Exec(
            GuestStream stream, GuestOutputStream stdin, InputStream stdout, InputStream stderr)
            implements GuestProcess {

        Exec(GuestStream stream, boolean withStdin) {
            this(stream, stream.output(), stream.input(0), stream.input(1));
            if (!withStdin) {
                stream.ended(GuestStream.STDIN);
            }
        }

        @Override
        public void resize(int columns, int rows) {
            stream.resize(columns, rows);
        }

        @Override
        public int waitFor() throws InterruptedException {
            return stream.waitFor();
        }

        @Override
        public OptionalInt waitFor(Duration timeout) throws InterruptedException {
            return stream.waitFor(timeout.toNanos());
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private record Connection(GuestStream stream, InputStream input, GuestOutputStream output)
            implements GuestConnection {

        Connection(GuestStream stream) {
            this(stream, stream.input(0), stream.output());
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
