package io.hypernetes.cli.assembly;

import io.hypernetes.api.access.UserInfo;
import io.hypernetes.cli.Progress;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.httpclient.RemoteTokens;
import io.hypernetes.httpclient.Tls;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnMember;
import io.hypernetes.network.ovsdb.TlsFiles;
import io.hypernetes.node.Capacity;
import io.hypernetes.node.ContainerdConfig;
import io.hypernetes.node.NodeAgent;
import io.hypernetes.node.NodeConfig;
import io.hypernetes.node.RuntimeConnection;
import io.hypernetes.node.remote.NodeServer;
import io.hypernetes.tenancy.SystemWorld;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.directory.DirectoryPool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * What a machine runs that has joined an installation: its switch, its virtual machines, the node
 * agent, and the port by which the API server reaches into its pods. All it knows comes from the
 * API by the node's own certificate.
 *
 * <p>Closing it ends this process' part; virtual machines and the network's daemons outlive it.
 */
public final class JoinedNode implements AutoCloseable {

    /** As a kubelet's. */
    public static final int PORT = 10250;

    private final MachineConfig machine;
    private final NodeFolder credentials;
    private final InetAddress address;
    private final Underlay underlay;
    private final Progress progress;
    private final Parts started = new Parts();

    /**
     * @param credentials that the machine has joined with
     * @param address of this machine, that the API server reaches
     */
    public JoinedNode(
            MachineConfig machine,
            NodeFolder credentials,
            InetAddress address,
            Underlay underlay,
            Progress progress) {
        this.machine = machine;
        this.credentials = credentials;
        this.address = address;
        this.underlay = underlay;
        this.progress = progress;
    }

    /** Returns when pods can run here. */
    public void start() throws IOException, InterruptedException {
        Kubeconfig api = credentials.kubeconfig();
        RemoteClient client = started.closing(new RemoteClient(api));
        ClusterFacts facts = ClusterFacts.read(client);
        credentials.writeNetworkAuthority(facts.networkAuthority());
        progress.step("API: " + api.server());

        OvnDaemons ovn =
                started.closing(new OvnDaemons(machine.network(), Datapath.best(), member(facts)));
        ovn.start();
        ClusterRules rules = new ClusterRules(Optional.empty(), Optional.of(underlay), facts.mtu());
        NetworkParts networks =
                started.closing(
                        NetworkParts.joined(
                                ovn,
                                client,
                                new NetworkRules(
                                        Optional.of(facts.services()),
                                        facts.nameServers(),
                                        Optional.empty(),
                                        rules),
                                () -> address(api.server())));
        progress.step("networks: OVN is up in namespace " + ovn.netns().name());

        RuntimeConnection runtime = startRuntime(ovn);
        VolumePool pool = new DirectoryPool(machine.volumes(), SystemWorld.LOCAL_PROVISIONER);
        Map<String, VolumePool> pools = Map.of(pool.provisioner(), pool);
        NodeAgent node = node(client, runtime, networks, pools);
        started.closing(
                new NodeServer(
                        node.access(),
                        pools,
                        Tls.context(credentials.server()),
                        new InetSocketAddress(address, PORT),
                        JoinedNode::isApiServer));
        networks.start();
        node.start();
        started.closing(node);
        progress.step("node " + machine.nodeName() + " is registered");
    }

    private OvnMember member(ClusterFacts facts) {
        TlsFiles files = credentials.networkFiles();
        return new OvnMember(
                OvnMember.Role.Joined.over(machine.nodeName(), facts.networkHost(), files),
                Optional.of(underlay),
                facts.mtu());
    }

    private RuntimeConnection startRuntime(OvnDaemons ovn)
            throws IOException, InterruptedException {
        RuntimeParts parts = RuntimeParts.start(machine, ovn.netns().path());
        started.closing(parts.streams());
        started.closing(parts.hyper());
        RuntimeConnection connection = started.closing(parts.connection());
        progress.step("machines: hyper is up, accelerator " + parts.accelerator());
        Path image = machine.guest().resolve("hello.tar");
        if (parts.isMissing(image)) {
            List<String> names = parts.importImage(image);
            progress.step("images: imported " + String.join(", ", names));
        }
        return connection;
    }

    private Optional<ContainerdConfig> containerd() {
        return machine.runtimes()
                .containerd()
                .map(socket -> {
                    progress.step("pods of the operator: by containerd too, at " + socket);
                    return new ContainerdConfig(
                            started.closing(RuntimeConnection.open(socket)),
                            machine.podFiles(),
                            machine.containerdNetworks());
                });
    }

    private NodeAgent node(
            RemoteClient client,
            RuntimeConnection runtime,
            NetworkParts networks,
            Map<String, VolumePool> pools)
            throws IOException {
        NodeConfig config =
                new NodeConfig(
                        machine.nodeName(),
                        address.getHostAddress(),
                        PORT,
                        machine.podLogs(),
                        Capacity.ofThisMachine(machine.data()),
                        machine.version(),
                        MachineConfig.pressureLasts());
        return new NodeAgent(
                config,
                client,
                runtime,
                containerd(),
                networks.engine(),
                pools,
                new RemoteTokens(client),
                Clock.systemUTC());
    }

    /** {@code system:masters} is signed for nobody who asks. */
    static boolean isApiServer(X509Certificate client) {
        try {
            Set<String> parts = new HashSet<>();
            for (Rdn part : new LdapName(client.getSubjectX500Principal().getName()).getRdns()) {
                parts.add(part.getType().toUpperCase(Locale.ROOT) + "=" + part.getValue());
            }
            return parts.equals(
                    Set.of("CN=" + CertificateAuthority.KUBELET_CLIENT, "O=" + UserInfo.MASTERS));
        } catch (InvalidNameException _) {
            return false;
        }
    }

    private static InetSocketAddress address(String url) {
        URI uri = URI.create(url);
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
    }

    @Override
    public void close() {
        started.close();
    }
}
