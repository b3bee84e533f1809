package io.hypernetes.cli;

import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.server.ServerLimits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How the server is to be: what {@code up} passes on to {@code server}. */
final class ServerOptions {

    private static final String LOOPBACK = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the API (default: ${DEFAULT-VALUE}).",
            defaultValue = "6443")
    private int port = 6443;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description =
                    "Address the API listens on (default: ${DEFAULT-VALUE}; 0.0.0.0 for all).",
            defaultValue = LOOPBACK)
    private String address = LOOPBACK;

    @Mixin private RuntimeOptions runtime = new RuntimeOptions();

    PodRuntimes runtimes() {
        return runtime.runtimes();
    }

    @Option(
            names = "--components",
            paramLabel = "NAME",
            split = ",",
            description =
                    "What runs: api, controllers, scheduler, node (default: all; api is always"
                            + " there). Without node no root is needed.",
            defaultValue = "api,controllers,scheduler,node")
    private Set<Component> components = EnumSet.allOf(Component.class);

    @Option(
            names = "--pki",
            paramLabel = "DIR",
            description =
                    "Folder of the certificate authority (default: pki under --data). Servers over"
                            + " one store need the same one: share it or copy it.")
    private @Nullable Path pki;

    @Mixin private StoreOptions store = new StoreOptions();

    StoreOptions store() {
        return store;
    }

    Optional<Path> pki() {
        return Optional.ofNullable(pki).map(Path::toAbsolutePath);
    }

    @Mixin private AuditOptions audit = new AuditOptions();

    AuditConfig audit() {
        return audit.config();
    }

    @Mixin private NetworkOptions networks = new NetworkOptions();

    NetworkRules networks() {
        return networks.rules();
    }

    @Mixin private KeystoneOptions keystone = new KeystoneOptions();

    IdentityConfig identity() {
        return access.config(keystone);
    }

    @Mixin private AccessOptions access = new AccessOptions();

    @ArgGroup(
            exclusive = false,
            validate = false,
            heading = "%nLimits, of connections and of tenants:%n")
    private LimitOptions limits = new LimitOptions();

    ServerLimits limits() {
        return limits.limits();
    }

    @Option(
            names = "--tenant-security",
            paramLabel = "restricted|open",
            description =
                    "What new tenants are held to that do not say it themselves (default:"
                            + " ${DEFAULT-VALUE}; see docs/multi-tenancy-benchmark.md).",
            converter = SecurityProfile.class,
            defaultValue = "restricted")
    private SecurityProfile.Named tenantSecurity = SecurityProfile.RESTRICTED;

    TenantSecurity tenantSecurity() {
        return tenantSecurity.security();
    }

    Set<Component> components() {
        return components;
    }

    int port() {
        return port;
    }

    /** Other machines reach it where they join, unless something else was said. */
    String address() {
        return address.equals(LOOPBACK) && !networks.clusterAddress().isEmpty()
                ? networks.clusterAddress()
                : address;
    }

    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--port",
                                Integer.toString(port),
                                "--address",
                                address,
                                "--components",
                                components.stream()
                                        .map(Component::toString)
                                        .collect(Collectors.joining(","))));
        arguments.addAll(runtime.arguments());
        arguments.addAll(store.arguments());
        pki().ifPresent(folder -> arguments.addAll(List.of("--pki", folder.toString())));
        arguments.addAll(audit.arguments());
        arguments.addAll(networks.arguments());
        arguments.addAll(keystone.arguments());
        arguments.addAll(access.arguments());
        arguments.addAll(limits.arguments());
        arguments.add("--tenant-security=" + tenantSecurity.name());
        return arguments;
    }
}
