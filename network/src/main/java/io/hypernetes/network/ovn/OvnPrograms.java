package io.hypernetes.network.ovn;

import io.hypernetes.network.ovsdb.TlsFiles;
import io.hypernetes.network.process.Command;
import io.hypernetes.network.process.Daemon;
import io.hypernetes.network.tap.Netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The six programs that Open vSwitch and OVN consist of, and how each is called. The one that has
 * tenants' packets is in the switch's namespace; the others only speak with each other.
 */
final class OvnPrograms {

    static final String OVS_DB = "ovs-db";
    static final String VSWITCHD = "ovs-vswitchd";
    static final String NB_DB = "ovn-nb";
    static final String SB_DB = "ovn-sb";

    private static final Path OVS_SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final Path NB_SCHEMA = Path.of("/usr/share/ovn/ovn-nb.ovsschema");
    private static final Path SB_SCHEMA = Path.of("/usr/share/ovn/ovn-sb.ovsschema");

    private static final List<String> PROGRAMS =
            List.of(
                    "ovsdb-server",
                    "ovsdb-tool",
                    "ovs-vswitchd",
                    "ovs-appctl",
                    "ovn-northd",
                    "ovn-controller",
                    "nsenter",
                    "ip");

    private final OvnDirectory directory;
    private final Netns netns;
    private final Datapath datapath;
    private final boolean central;
    private final Optional<TlsFiles> files;

    OvnPrograms(OvnDirectory directory, Netns netns, Datapath datapath, OvnMember.Role role) {
        this.directory = directory;
        this.netns = netns;
        this.datapath = datapath;
        this.central = role instanceof OvnMember.Role.Central;
        this.files =
                role instanceof OvnMember.Role.Joined joined ? joined.files() : Optional.empty();
    }

    static void requirePrograms() throws IOException {
        List<String> missing = PROGRAMS.stream().filter(p -> !Command.isInstalled(p)).toList();
        if (!missing.isEmpty()) {
            throw new IOException(
                    missing
                            + " not found: apt-get install openvswitch-switch ovn-central ovn-host"
                            + " iproute2 util-linux");
        }
    }

    Daemon openVswitchDatabase() {
        return database(OVS_DB);
    }

    Daemon northboundDatabase() {
        return database(NB_DB);
    }

    Daemon southboundDatabase() {
        return database(SB_DB);
    }

    Daemon vswitchd() {
        List<String> arguments = new ArrayList<>();
        arguments.add("ovs-vswitchd");
        arguments.add("unix:" + directory.socket(OVS_DB));
        arguments.add("--unixctl=" + directory.control(VSWITCHD));
        if (datapath == Datapath.USERSPACE) {
            arguments.add("--disable-system");
        }
        List<String> launch = new ArrayList<>(List.of("nsenter", "--net=" + netns.path(), "--"));
        launch.addAll(arguments);
        return daemon(VSWITCHD, launch);
    }

    Daemon northd() {
        return daemon(
                "ovn-northd",
                List.of(
                        "ovn-northd",
                        "--ovnnb-db=unix:" + directory.socket(NB_DB),
                        "--ovnsb-db=unix:" + directory.socket(SB_DB),
                        "--unixctl=" + directory.control("ovn-northd")));
    }

    /** It has no option for its control socket, which is in the run directory by its pid. */
    Daemon controller() {
        List<String> arguments = new ArrayList<>(List.of("ovn-controller"));
        files.ifPresent(own ->
                arguments.addAll(
                        List.of(
                                "--private-key=" + own.key(),
                                "--certificate=" + own.certificate(),
                                "--ca-cert=" + own.authority())));
        arguments.add("unix:" + directory.socket(OVS_DB));
        return daemon("ovn-controller", arguments);
    }

    /** In the order of their start. */
    List<Daemon> all() {
        if (!central) {
            return List.of(openVswitchDatabase(), vswitchd(), controller());
        }
        return List.of(
                openVswitchDatabase(),
                vswitchd(),
                northboundDatabase(),
                southboundDatabase(),
                northd(),
                controller());
    }

    /** Makes the database files that are not there and brings old ones to the schema in use. */
    void prepareDatabases() throws IOException {
        prepare(OVS_DB, OVS_SCHEMA);
        if (central) {
            prepare(NB_DB, NB_SCHEMA);
            prepare(SB_DB, SB_SCHEMA);
        }
    }

    private void prepare(String name, Path schema) throws IOException {
        if (database(name).isRunning()) {
            return;
        }
        Path file = directory.database(name);
        if (!Files.exists(file)) {
            Path fresh = file.resolveSibling(name + ".new");
            Files.deleteIfExists(fresh);
            Command.of("ovsdb-tool", "create", fresh.toString(), schema.toString()).run();
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        String[] arguments = {file.toString(), schema.toString()};
        if (Command.of("ovsdb-tool", "needs-conversion", arguments[0], arguments[1])
                .run()
                .equals("yes")) {
            Command.of("ovsdb-tool", "convert", arguments[0], arguments[1]).run();
        }
    }

    private Daemon database(String name) {
        List<String> arguments = new ArrayList<>();
        arguments.add("ovsdb-server");
        arguments.add(directory.database(name).toString());
        arguments.add("--remote=punix:" + directory.socket(name));
        arguments.add("--unixctl=" + directory.control(name));
        switch (name) {
            case NB_DB -> arguments.addAll(offered("OVN_Northbound", "NB_Global"));
            case SB_DB -> arguments.addAll(offered("OVN_Southbound", "SB_Global"));
            default -> {} // this machine's own
        }
        return daemon(name, arguments);
    }

    /** What the database itself says about listening to other machines; at first nothing. */
    private static List<String> offered(String database, String global) {
        return List.of(
                "--remote=db:" + database + "," + global + ",connections",
                "--private-key=db:" + database + ",SSL,private_key",
                "--certificate=db:" + database + ",SSL,certificate",
                "--ca-cert=db:" + database + ",SSL,ca_cert");
    }

    private Daemon daemon(String name, List<String> launch) {
        return new Daemon(
                name,
                launch,
                environment(),
                directory.run().resolve(name + ".pid"),
                directory.logs().resolve(name + ".log"));
    }

    /** Nothing of a system-wide Open vSwitch is ever read or written. */
    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (String family : List.of("OVS", "OVN")) {
            environment.put(family + "_RUNDIR", directory.run().toString());
            environment.put(family + "_LOGDIR", directory.logs().toString());
            environment.put(family + "_DBDIR", directory.root().toString());
            environment.put(family + "_SYSCONFDIR", directory.root().toString());
        }
        return environment;
    }
}
