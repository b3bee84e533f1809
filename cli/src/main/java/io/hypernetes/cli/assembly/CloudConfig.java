package io.hypernetes.cli.assembly;

import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.server.ServerLimits;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/**
 * @param data all state of the installation
 * @param guest the guest's kernel and initrd, and the first image, as {@code guest/build} made them
 * @param address the API listens on
 * @param runtimes that run pods
 * @param nodeName this machine's name in the API
 * @param components what runs beside the API
 * @param store where the state is kept
 * @param pki the authority's keys; servers over one store share them, by one folder or copies
 * @param identity who is asked about people and rights
 * @param audit what is kept of requests
 * @param networks what the operator allows networks
 * @param limits of connections, and of tenants
 * @param tenantSecurity of new tenants that do not say it themselves
 * @param version shown by the API and the node
 */
public record CloudConfig(
        Path data,
        Path guest,
        InetSocketAddress address,
        PodRuntimes runtimes,
        String nodeName,
        Set<Component> components,
        StoreLocation store,
        Path pki,
        IdentityConfig identity,
        AuditConfig audit,
        NetworkRules networks,
        ServerLimits limits,
        TenantSecurity tenantSecurity,
        String version) {

    boolean runs(Component component) {
        return components.contains(component);
    }

    Path auditLog() {
        return audit.log().orElse(data.resolve("log").resolve("audit.log"));
    }

    MachineConfig machine() {
        return new MachineConfig(data, guest, runtimes, nodeName, version);
    }

    Path adminSocket() {
        return adminSocket(data);
    }

    /** Where the server that runs on a data folder takes commands. */
    public static Path adminSocket(Path data) {
        return data.resolve("run").resolve("admin.sock");
    }
}
