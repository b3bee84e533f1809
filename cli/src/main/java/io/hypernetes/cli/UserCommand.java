package io.hypernetes.cli;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.tenancy.Users;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Duration;

/** {@code hypernetes user}: the User objects and their passwords. */
@Command(
        name = "user",
        description = "Create, list, show and delete users.",
        mixinStandardHelpOptions = true)
final class UserCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    @Command(
            name = "create",
            description = "Create a user with a password, a member of one tenant.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin Installation installation,
            @Mixin PasswordOption password,
            @Parameters(paramLabel = "NAME", description = "The user's name.") String name,
            @Option(
                            names = "--tenant",
                            paramLabel = "TENANT",
                            required = true,
                            description = "The tenant.")
                    String tenant,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            description =
                                    "member: has the namespaces that they create; admin: may do"
                                            + " anything in the tenant; reader: sees it (default:"
                                            + " member).",
                            defaultValue = "member")
                    MemberRole role)
            throws IOException {
        String secret = password.read(name);
        try (RemoteClient client = installation.client()) {
            client.get(BuiltinTypes.TENANTS, new ObjectKey(Tenant.SYSTEM, "", tenant));
            new Users(client).create(name, new Tenant(tenant), role, secret);
        }
        System.out.println("user/" + name + " created, a member of " + tenant);
        return 0;
    }

    @Command(name = "list", description = "List the users.", mixinStandardHelpOptions = true)
    int list(@Mixin Installation installation) {
        try (RemoteClient client = installation.client()) {
            System.out.printf("%-24s %s%n", "NAME", "TENANTS");
            for (TenantObject item :
                    client.list(BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM)).items()) {
                StringBuilder tenants = new StringBuilder();
                for (JsonNode entry : item.object().path("spec").path("tenants")) {
                    tenants.append(tenants.isEmpty() ? "" : ", ")
                            .append(entry.path("name").asString(""))
                            .append(" (")
                            .append(entry.path("role").asString("member"))
                            .append(')');
                }
                System.out.printf("%-24s %s%n", Metadata.name(item.object()), tenants);
            }
        }
        return 0;
    }

    @Command(name = "get", description = "Show a user.", mixinStandardHelpOptions = true)
    int get(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The user.") String name) {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", name);
        try (RemoteClient client = installation.client()) {
            System.out.print(Shown.yaml(client.get(BuiltinTypes.USERS, key)));
        }
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete a user, with the namespaces they created.",
            mixinStandardHelpOptions = true)
    int delete(
            @Mixin Installation installation,
            @Parameters(paramLabel = "NAME", description = "The user.") String name)
            throws InterruptedException {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", name);
        try (RemoteClient client = installation.client()) {
            client.delete(BuiltinTypes.USERS, key, DeleteOptions.DEFAULT);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (client.find(BuiltinTypes.USERS, key).isPresent()) {
                if (System.nanoTime() > end) {
                    throw new CommandException(
                            "user "
                                    + name
                                    + " is still there after two minutes: see 'hypernetes"
                                    + " kubectl describe user "
                                    + name
                                    + "'");
                }
                Thread.sleep(POLL);
            }
        }
        System.out.println("user/" + name + " deleted");
        return 0;
    }
}
