package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.Endpoint;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Life and death of the processes behind the engine. */
class OvnDaemonsIT {

    private static final NetworkId NETWORK = new NetworkId("acme", "default");

    @TempDir Path directory;

    private final List<OvnDaemons> installations = new ArrayList<>();

    @AfterEach
    void purge() {
        installations.reversed().forEach(OvnDaemons::purge);
    }

    private OvnDaemons start(Path where) {
        OvnDaemons daemons = new OvnDaemons(where, Datapath.best());
        installations.add(daemons);
        daemons.start();
        return daemons;
    }

    private static Port attach(OvnEngine engine, String uid) {
        engine.ensureNetwork(new NetworkSpec(NETWORK, "10.0.0.0/24", "10.0.0.1"));
        Port port = engine.attach(NETWORK, new PortId("acme", uid));
        engine.awaitReady(port);
        return port;
    }

    @Test
    void killedDaemonsAreStartedAgainAndTrafficGoesOn() throws Exception {
        OvnDaemons daemons = start(directory.resolve("ovn"));
        try (OvnEngine engine = new OvnEngine(daemons);
                Endpoint a = new Endpoint(attach(engine, "a"));
                Endpoint b = new Endpoint(attach(engine, "b"))) {
            assertThat(a.reaches(b, "before")).isTrue();
            for (String victim : daemons.pids().keySet()) {
                kill(daemons, List.of(victim));
                assertThat(a.reaches(b, victim + " was killed")).isTrue();
                assertThat(engine.ports()).hasSize(2);
            }
            kill(daemons, List.copyOf(daemons.pids().keySet()));
            assertThat(a.reaches(b, "all were killed")).isTrue();
            try (Endpoint c = new Endpoint(attach(engine, "c"))) {
                assertThat(c.reaches(a, "new since then")).isTrue();
            }
        }
    }

    private static void kill(OvnDaemons daemons, List<String> names) throws Exception {
        Map<String, Long> before = daemons.pids();
        for (String name : names) {
            ProcessHandle.of(before.getOrDefault(name, -1L)).orElseThrow().destroyForcibly();
        }
        for (String name : names) {
            long dead = before.getOrDefault(name, -1L);
            long pid = dead;
            while (pid == dead || pid < 0) {
                Thread.sleep(10);
                pid = daemons.pids().getOrDefault(name, -1L);
            }
        }
    }

    @Test
    void daemonsOutliveTheirProgramAndAreAdopted() throws Exception {
        OvnDaemons first = start(directory.resolve("ovn"));
        Port port;
        try (OvnEngine engine = new OvnEngine(first)) {
            port = attach(engine, "a");
        }
        Map<String, Long> pids = first.pids();
        for (long pid : pids.values()) {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            assertThat(stat.substring(stat.lastIndexOf(')')).split(" ")[4])
                    .as("a session of its own")
                    .isEqualTo(Long.toString(pid));
        }
        assertThatThrownBy(() -> new OvnDaemons(directory.resolve("ovn"), Datapath.best()).start())
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("in use by another running Hypernetes");
        first.close();

        OvnDaemons second = start(directory.resolve("ovn"));

        assertThat(second.pids()).isEqualTo(pids);
        try (OvnEngine engine = new OvnEngine(second)) {
            assertThat(engine.port(port.id())).contains(port);
        }
    }

    @Test
    void twoInstallationsRunSideBySide() throws Exception {
        OvnDaemons one = start(directory.resolve("one"));
        OvnDaemons two = start(directory.resolve("two"));
        try (OvnEngine engine = new OvnEngine(two);
                OvnEngine other = new OvnEngine(one);
                Endpoint a = new Endpoint(attach(engine, "a"));
                Endpoint b = new Endpoint(attach(engine, "b"));
                Endpoint stranger = new Endpoint(attach(other, "a"))) {
            assertThat(stranger.port().tap()).isEqualTo(a.port().tap());
            assertThat(stranger.port().netns()).isNotEqualTo(a.port().netns());
            assertThat(a.reaches(b, "hello")).isTrue();
            one.purge();
            assertThat(a.reaches(b, "still here")).isTrue();
            assertThat(stranger.drain()).isEmpty();
        }
    }

    @Test
    void stopLeavesNothingBehindAndAddressesStay() throws Exception {
        Path where = directory.resolve("ovn");
        OvnDaemons daemons = start(where);
        Port before;
        try (OvnEngine engine = new OvnEngine(daemons)) {
            attach(engine, "other");
            before = attach(engine, "a");
            engine.detach(new PortId("acme", "other"));
        }

        daemons.stop();
        daemons.stop();

        assertThat(processesThatName(where)).isEmpty();
        assertThat(Path.of(before.netns())).doesNotExist();
        daemons.start();
        try (OvnEngine engine = new OvnEngine(daemons);
                Endpoint a = new Endpoint(attach(engine, "a"));
                Endpoint b = new Endpoint(attach(engine, "b"))) {
            assertThat(a.port()).isEqualTo(before);
            assertThat(a.reaches(b, "hello again")).isTrue();
        }
        daemons.purge();
        assertThat(processesThatName(where)).isEmpty();
        assertThat(where).doesNotExist();
    }

    @Test
    void longDirectoryWorks() throws Exception {
        Path where = directory.resolve("x".repeat(120)).resolve("ovn");
        OvnDaemons daemons = start(where);
        Path sockets = Path.of("/run", daemons.chassis());
        try (OvnEngine engine = new OvnEngine(daemons)) {
            attach(engine, "a");
        }
        assertThat(daemons.northbound().text()).startsWith("unix:" + sockets);
        daemons.stop();
        assertThat(sockets).doesNotExist();
    }

    @Test
    void theKernelHasNothingToSayInTheNamespace() throws Exception {
        OvnDaemons daemons = start(directory.resolve("ovn"));
        try (OvnEngine engine = new OvnEngine(daemons)) {
            Port port = attach(engine, "a");
            Path sys = Path.of("/proc/sys/net");
            List<Path> settings =
                    List.of(
                            sys.resolve("ipv6/conf/" + port.tap() + "/disable_ipv6"),
                            sys.resolve("ipv4/ip_forward"));
            List<String> values = new ArrayList<>();
            daemons.netns()
                    .call(() -> {
                        for (Path setting : settings) {
                            values.add(Files.readString(setting).strip());
                        }
                        return values;
                    });
            assertThat(values).containsExactly("1", "0");
        }
    }

    private static List<String> processesThatName(Path where) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process :
                    processes.filter(p -> p.toString().matches("/proc/\\d+")).toList()) {
                Path file = process.resolve("cmdline");
                String line =
                        Files.exists(file)
                                ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                                : "";
                if (line.contains(where.toString())) {
                    found.add(line);
                }
            }
        }
        return found;
    }
}
