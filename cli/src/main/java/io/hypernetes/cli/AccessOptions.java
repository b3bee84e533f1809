package io.hypernetes.cli;

import io.hypernetes.controlplane.AuthorizationMode;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.identity.oidc.OidcSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who else is asked about people and rights, named as kube-apiserver's flags. */
final class AccessOptions {

    @Option(
            names = "--token-auth-file",
            paramLabel = "FILE",
            description =
                    "Tokens: lines TOKEN,USER,UID,\"GROUP,…\"; a group tenant:NAME is a tenant.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--authentication-token-webhook-config-file",
            paramLabel = "FILE",
            description = "Kubeconfig of who is asked about tokens that nobody else knows.")
    private @Nullable Path tokenWebhook;

    @Option(
            names = "--oidc-issuer-url",
            paramLabel = "URL",
            description = "OpenID Connect provider whose ID tokens are taken.")
    private @Nullable URI oidcIssuer;

    @Option(names = "--oidc-client-id", paramLabel = "ID", description = "Audience of its tokens.")
    private String oidcClient = "";

    @Option(
            names = "--oidc-username-claim",
            paramLabel = "CLAIM",
            description = "Claim with the user's name (default: ${DEFAULT-VALUE}).",
            defaultValue = "sub")
    private String oidcUsername = "sub";

    @Option(
            names = "--oidc-username-prefix",
            paramLabel = "TEXT",
            description = "Before user names; '-' for none (default: the issuer and '#').")
    private String oidcUsernamePrefix = "";

    @Option(
            names = "--oidc-groups-claim",
            paramLabel = "CLAIM",
            description = "Claim with the user's groups (default: none).")
    private String oidcGroups = "";

    @Option(
            names = "--oidc-groups-prefix",
            paramLabel = "TEXT",
            description = "Before groups (default: nothing).")
    private String oidcGroupsPrefix = "";

    @Option(
            names = "--oidc-tenant-claim",
            paramLabel = "CLAIM",
            description = "Claim with the user's tenants (default: ${DEFAULT-VALUE}).",
            defaultValue = "tenant")
    private String oidcTenant = "tenant";

    @Option(
            names = "--oidc-ca-file",
            paramLabel = "FILE",
            description = "Whose certificates the provider may show (default: the machine's).")
    private @Nullable Path oidcAuthorities;

    @Option(
            names = "--oidc-signing-algs",
            paramLabel = "NAME",
            split = ",",
            description = "Signatures that are taken (default: RS256).")
    private List<String> oidcAlgorithms = new ArrayList<>();

    @Option(
            names = "--oidc-required-claim",
            paramLabel = "NAME=VALUE",
            description = "A claim that a token must have.")
    private List<String> oidcRequired = new ArrayList<>();

    @Option(
            names = "--authorization-mode",
            paramLabel = "MODE",
            split = ",",
            description =
                    "Who decides about rights, in this order: Node, RBAC, ABAC, Webhook,"
                            + " AlwaysAllow, AlwaysDeny (default: Node,RBAC).")
    private List<String> modes = new ArrayList<>();

    @Option(
            names = "--authorization-policy-file",
            paramLabel = "FILE",
            description = "The policies of the mode ABAC, read again when it changes.")
    private @Nullable Path abacPolicy;

    @Option(
            names = "--authorization-webhook-config-file",
            paramLabel = "FILE",
            description = "Kubeconfig of who is asked in the mode Webhook.")
    private @Nullable Path rightsWebhook;

    IdentityConfig config(KeystoneOptions keystone) {
        try {
            return new IdentityConfig(
                    keystone.settings(),
                    keystone.account(),
                    keystone.roles(),
                    absolute(tokenFile),
                    oidc(),
                    absolute(tokenWebhook),
                    modes.isEmpty()
                            ? AuthorizationMode.DEFAULT
                            : modes.stream().map(AuthorizationMode::of).distinct().toList(),
                    absolute(abacPolicy),
                    absolute(rightsWebhook));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<OidcSettings> oidc() {
        if (oidcIssuer == null) {
            return Optional.empty();
        }
        if (oidcClient.isEmpty()) {
            throw new CommandException("--oidc-issuer-url needs --oidc-client-id");
        }
        try {
            return Optional.of(
                    new OidcSettings(
                            oidcIssuer,
                            oidcClient,
                            oidcUsername,
                            oidcUsernamePrefix,
                            oidcGroups,
                            oidcGroupsPrefix,
                            oidcTenant,
                            oidcAuthorities == null
                                    ? Optional.empty()
                                    : Optional.of(Files.readString(oidcAuthorities)),
                            oidcAlgorithms.isEmpty()
                                    ? List.of("RS256")
                                    : List.copyOf(oidcAlgorithms),
                            List.copyOf(oidcRequired)));
        } catch (IOException e) {
            throw new CommandException("--oidc-ca-file cannot be read: " + e, e);
        }
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        file(arguments, "--token-auth-file", tokenFile);
        file(arguments, "--authentication-token-webhook-config-file", tokenWebhook);
        if (oidcIssuer != null) {
            text(arguments, "--oidc-issuer-url", oidcIssuer.toString());
            text(arguments, "--oidc-client-id", oidcClient);
            text(arguments, "--oidc-username-claim", oidcUsername);
            text(arguments, "--oidc-username-prefix", oidcUsernamePrefix);
            text(arguments, "--oidc-groups-claim", oidcGroups);
            text(arguments, "--oidc-groups-prefix", oidcGroupsPrefix);
            text(arguments, "--oidc-tenant-claim", oidcTenant);
            file(arguments, "--oidc-ca-file", oidcAuthorities);
            text(arguments, "--oidc-signing-algs", String.join(",", oidcAlgorithms));
            oidcRequired.forEach(claim -> text(arguments, "--oidc-required-claim", claim));
        }
        text(arguments, "--authorization-mode", String.join(",", modes));
        file(arguments, "--authorization-policy-file", abacPolicy);
        file(arguments, "--authorization-webhook-config-file", rightsWebhook);
        return arguments;
    }

    private static Optional<Path> absolute(@Nullable Path file) {
        return Optional.ofNullable(file).map(Path::toAbsolutePath);
    }

    private static void file(List<String> arguments, String name, @Nullable Path file) {
        if (file != null) {
            text(arguments, name, file.toAbsolutePath().toString());
        }
    }

    private static void text(List<String> arguments, String name, String value) {
        if (!value.isEmpty()) {
            arguments.add(name + "=" + value);
        }
    }
}
