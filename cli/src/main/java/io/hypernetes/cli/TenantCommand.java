package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.tenancy.KeyRotation;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code hypernetes tenant}: the Tenant objects, for those who have no manifest at hand. */
@Command(
        name = "tenant",
        description = "Create, list, show, suspend, resume and delete tenants, rotate their keys.",
        mixinStandardHelpOptions = true)
final class TenantCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(50);

    @Command(name = "create", description = "Create a tenant.", mixinStandardHelpOptions = true)
    int create(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "A DNS label.") String name,
            @Option(
                            names = "--cidr",
                            paramLabel = "CIDR",
                            description =
                                    "The addresses of its default network; those of another tenant"
                                            + " may be the same (default: ${DEFAULT-VALUE}).",
                            defaultValue = "10.0.0.0/24")
                    String cidr,
            @Option(
                            names = "--ipv6-cidr",
                            paramLabel = "CIDR",
                            description =
                                    "Its addresses of IPv6 beside those, for instance fd00:1::/64"
                                            + " (default: none).",
                            defaultValue = "")
                    String ipv6Cidr,
            @Option(
                            names = "--security",
                            paramLabel = "restricted|open",
                            description =
                                    "What its world is held to: the pods of namespaces without a"
                                        + " label, images, services, limits (default: as the server"
                                        + " says).",
                            converter = SecurityProfile.class)
                    SecurityProfile.@Nullable Named security)
            throws InterruptedException {
        ObjectNode tenant = JsonNodeFactory.instance.objectNode();
        tenant.put("apiVersion", "hypernetes.io/v1").put("kind", "Tenant");
        tenant.putObject("metadata").put("name", name);
        ObjectNode network = tenant.putObject("spec").putObject("network").put("cidr", cidr);
        if (!ipv6Cidr.isEmpty()) {
            network.putObject("ipv6").put("cidr", ipv6Cidr);
        }
        if (security != null) {
            security.security().fillIn(tenant);
        }
        try (RemoteClient client = installation.client()) {
            client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
            await(client, name, "Active");
        }
        System.out.println(
                "tenant/"
                        + name
                        + " created, its network is "
                        + (ipv6Cidr.isEmpty() ? cidr : cidr + "," + ipv6Cidr));
        return 0;
    }

    @Command(name = "list", description = "List the tenants.", mixinStandardHelpOptions = true)
    int list(@Mixin Installation installation) {
        try (RemoteClient client = installation.client()) {
            System.out.printf("%-20s %-12s %s%n", "NAME", "PHASE", "NETWORK");
            for (TenantObject item :
                    client.list(BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).items()) {
                ObjectNode tenant = item.object();
                System.out.printf(
                        "%-20s %-12s %s%n",
                        Metadata.name(tenant),
                        tenant.path("status").path("phase").asString(""),
                        tenant.path("spec").path("network").path("cidr").asString(""));
            }
        }
        return 0;
    }

    @Command(name = "get", description = "Show a tenant.", mixinStandardHelpOptions = true)
    int get(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The tenant.") String name) {
        try (RemoteClient client = installation.client()) {
            System.out.print(Shown.yaml(client.get(BuiltinTypes.TENANTS, key(name))));
        }
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete a tenant and everything that is its own.",
            mixinStandardHelpOptions = true)
    int delete(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The tenant.") String name)
            throws InterruptedException {
        try (RemoteClient client = installation.client()) {
            client.delete(BuiltinTypes.TENANTS, key(name), DeleteOptions.DEFAULT);
            await(client, name, "");
        }
        System.out.println("tenant/" + name + " deleted, with all that was its own");
        return 0;
    }

    @Command(
            name = "suspend",
            description = "Make a tenant's world read-only and stop its pods.",
            mixinStandardHelpOptions = true)
    int suspend(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The tenant.") String name)
            throws InterruptedException {
        setSuspended(installation, name, true);
        System.out.println(
                "tenant/" + name + " suspended: its world is read-only, its pods are stopped");
        return 0;
    }

    @Command(
            name = "resume",
            description = "Let a suspended tenant go on: its pods start again.",
            mixinStandardHelpOptions = true)
    int resume(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The tenant.") String name)
            throws InterruptedException {
        setSuspended(installation, name, false);
        System.out.println("tenant/" + name + " resumed");
        return 0;
    }

    @Command(
            name = "rotate-key",
            description =
                    "Give a tenant a new encryption key, and seal all that is kept of it anew.",
            mixinStandardHelpOptions = true)
    int rotateKey(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The tenant.") String name)
            throws InterruptedException {
        String cause = Instant.now().toString();
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("metadata").putObject("annotations").put(KeyRotation.WANTED, cause);
        try (RemoteClient client = installation.client()) {
            client.patch(BuiltinTypes.TENANTS, key(name), new Patch.Merge(change), "");
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!Metadata.annotation(
                            client.get(BuiltinTypes.TENANTS, key(name)), KeyRotation.DONE_FOR)
                    .equals(cause)) {
                if (System.nanoTime() > end) {
                    throw new CommandException(
                            "the key is not rotated after %d minutes; was the server started with --encrypt?"
                                    .formatted(PATIENCE.toMinutes()));
                }
                Thread.sleep(POLL);
            }
        }
        System.out.println("tenant/" + name + " has a new key, and everything lies under it");
        return 0;
    }

    private static void setSuspended(Installation installation, String name, boolean suspended)
            throws InterruptedException {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("spec").put("suspended", suspended);
        try (RemoteClient client = installation.client()) {
            client.patch(BuiltinTypes.TENANTS, key(name), new Patch.Merge(change), "");
            await(client, name, suspended ? "Suspended" : "Active");
        }
    }

    /** Waits for a phase, or for the end where it is empty. */
    private static void await(Client client, String name, String phase)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String seen = "";
        while (System.nanoTime() < end) {
            Optional<ObjectNode> tenant = find(client, name);
            if (tenant.isEmpty() && phase.isEmpty()) {
                return;
            }
            seen = tenant.map(tree -> tree.path("status").toString()).orElse("");
            if (tenant.isPresent()
                    && tenant.get().path("status").path("phase").asString("").equals(phase)) {
                return;
            }
            Thread.sleep(POLL);
        }
        throw new CommandException(
                "tenant %s is not %s after %d minutes; its status: %s"
                        .formatted(
                                name,
                                phase.isEmpty() ? "gone" : phase,
                                PATIENCE.toMinutes(),
                                seen));
    }

    private static Optional<ObjectNode> find(Client client, String name) {
        try {
            return Optional.of(client.get(BuiltinTypes.TENANTS, key(name)));
        } catch (ApiException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }
}
