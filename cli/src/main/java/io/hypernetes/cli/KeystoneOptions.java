package io.hypernetes.cli;

import io.hypernetes.controlplane.KeystoneAccount;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.tenancy.KeystoneDuties;
import io.hypernetes.tenancy.KeystoneRoles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which Keystone says who somebody is. */
final class KeystoneOptions {

    @Option(
            names = {"--keystone-url", "--experimental-keystone-url"},
            paramLabel = "URL",
            description =
                    "Keystone's Identity API v3: passwords and tokens are checked there (default:"
                            + " users of this installation).")
    private @Nullable URI url;

    @Option(
            names = {"--keystone-cafile", "--experimental-keystone-ca-file"},
            paramLabel = "FILE",
            description = "Whose certificates Keystone may show (default: the machine's).")
    private @Nullable Path authorities;

    @Option(
            names = "--keystone-default-domain",
            paramLabel = "ID",
            description =
                    "Domain whose users are called by their bare name (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = KeystoneSettings.DEFAULT_DOMAIN)
    private String defaultDomain = KeystoneSettings.DEFAULT_DOMAIN;

    @Option(
            names = "--keystone-revalidate-seconds",
            paramLabel = "N",
            description =
                    "Within this time what Keystone takes back is felt (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private int fresh = 10;

    @Option(
            names = "--keystone-outage-seconds",
            paramLabel = "N",
            description =
                    "How long those who were let in go on while Keystone cannot be asked (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "300")
    private int grace = 300;

    @Option(
            names = "--keystone-timeout-seconds",
            paramLabel = "N",
            description = "How long one answer of Keystone's is waited for (default: 4).",
            defaultValue = "4")
    private int patience = 4;

    @Option(
            names = "--keystone-role",
            paramLabel = "ROLE=CLUSTERROLE",
            description =
                    "What a role of Keystone's means in its tenant's world; an empty ClusterRole:"
                            + " nothing (default: admin=cluster-admin, member=namespace-creater,"
                            + " reader=hypernetes:reader).")
    private Map<String, String> roles = new LinkedHashMap<>();

    @Option(
            names = "--keystone-service-file",
            paramLabel = "FILE",
            description = {
                "Lines OS_NAME=VALUE with an account of this installation's own at Keystone:"
                        + " tenants",
                "and users are then kept together with projects and users there (default: none)."
            })
    private @Nullable Path serviceFile;

    @Option(
            names = "--keystone-create",
            description =
                    "Projects and users may be made in Keystone where a Tenant or User asks for it"
                            + " (spec.keystone.create).")
    private boolean create;

    @Option(
            names = "--keystone-sync-users",
            description = "Everybody with a role in a tenant's project gets a User object.")
    private boolean syncUsers;

    /** Empty without Keystone or without an account there. */
    Optional<KeystoneAccount> account() {
        if (serviceFile == null) {
            if (create || syncUsers) {
                throw new CommandException(
                        "--keystone-create and --keystone-sync-users need --keystone-service-file");
            }
            return Optional.empty();
        }
        KeystoneDuties duties =
                new KeystoneDuties(
                        create, syncUsers, Duration.ofSeconds(fresh).dividedBy(2), roles());
        return Optional.of(new KeystoneAccount(ServiceFile.read(serviceFile, url), duties));
    }

    Optional<KeystoneSettings> settings() {
        if (url == null) {
            return Optional.empty();
        }
        if (fresh < 1 || grace < 0 || patience < 1) {
            throw new CommandException(
                    "--keystone-revalidate-seconds and --keystone-timeout-seconds must be at least"
                            + " 1, --keystone-outage-seconds at least 0.");
        }
        try {
            return Optional.of(
                    new KeystoneSettings(
                            url,
                            authorities == null
                                    ? Optional.empty()
                                    : Optional.of(Files.readString(authorities)),
                            defaultDomain,
                            Duration.ofSeconds(fresh),
                            Duration.ofSeconds(grace),
                            Duration.ofSeconds(patience)));
        } catch (IOException e) {
            throw new CommandException("--keystone-cafile cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Empty without Keystone. */
    Map<String, String> roles() {
        if (url == null) {
            return Map.of();
        }
        Map<String, String> all = new LinkedHashMap<>(KeystoneRoles.DEFAULTS);
        all.putAll(roles);
        all.values().removeIf(String::isEmpty);
        return Map.copyOf(all);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (url != null) {
            arguments.addAll(List.of("--keystone-url", url.toString()));
        }
        if (authorities != null) {
            arguments.addAll(List.of("--keystone-cafile", authorities.toAbsolutePath().toString()));
        }
        arguments.addAll(List.of("--keystone-default-domain", defaultDomain));
        arguments.addAll(List.of("--keystone-revalidate-seconds", Integer.toString(fresh)));
        arguments.addAll(List.of("--keystone-outage-seconds", Integer.toString(grace)));
        arguments.addAll(List.of("--keystone-timeout-seconds", Integer.toString(patience)));
        if (serviceFile != null) {
            arguments.addAll(
                    List.of("--keystone-service-file", serviceFile.toAbsolutePath().toString()));
        }
        if (create) {
            arguments.add("--keystone-create");
        }
        if (syncUsers) {
            arguments.add("--keystone-sync-users");
        }
        roles.forEach((role, clusterRole) ->
                arguments.addAll(List.of("--keystone-role", role + "=" + clusterRole)));
        return arguments;
    }
}
