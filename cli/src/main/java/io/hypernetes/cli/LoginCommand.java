package io.hypernetes.cli;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.keystone.KeystoneClient;
import io.hypernetes.identity.keystone.OpenStackAccess;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code hypernetes login}: turns a password into a kubeconfig file with a short-lived token. */
@Command(
        name = "login",
        description =
                "Log in with a password and write a kubeconfig file with a short-lived token.",
        mixinStandardHelpOptions = true)
final class LoginCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private PasswordOption password = new PasswordOption();

    @Parameters(paramLabel = "USER", description = "Who logs in.")
    private String user = "";

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "Which tenant to act in; needed by users of several.")
    private String tenant = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The kubeconfig file to write (default: USER.kubeconfig).")
    private @Nullable Path output;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The API's URL (default: the installation on this machine).")
    private String server = "";

    @Option(
            names = "--certificate-authority",
            paramLabel = "FILE",
            description = "The API's CA certificate (default: of the installation here).")
    private @Nullable Path authority;

    @Option(
            names = "--keystone-url",
            paramLabel = "URL",
            description =
                    "Get the token from this Keystone (default: from the API). USER may be"
                            + " NAME@DOMAIN.")
    private @Nullable URI keystone;

    @Option(
            names = "--keystone-cafile",
            paramLabel = "FILE",
            description = "Whose certificates Keystone may show (default: the machine's).")
    private @Nullable Path keystoneAuthorities;

    @Option(
            names = "--project",
            paramLabel = "PROJECT",
            description =
                    "Keystone's project, as NAME or NAME@DOMAIN (default: named as the tenant;"
                            + " without either, the user's default project).")
    private String project = "";

    @Override
    public Integer call() throws IOException {
        String ca =
                authority == null
                        ? installation.operator().authority()
                        : Files.readString(authority);
        String url = server.isEmpty() ? installation.operator().server() : server;
        if (keystone != null) {
            return atKeystone(keystone, url, ca);
        }
        Kubeconfig.Proof proof = new Kubeconfig.Proof.Password(user, password.read(user));
        ObjectNode login;
        try (RemoteClient client = new RemoteClient(new Kubeconfig(url, ca, user, proof))) {
            String path = tenant.isEmpty() ? "/login" : "/tenants/" + tenant + "/login";
            login = client.send("POST", path, Optional.empty(), "");
        }
        String granted = login.path("status").path("tenant").asString(tenant);
        Path file = output == null ? Path.of(user + ".kubeconfig") : output;
        new Kubeconfig(
                        url,
                        ca,
                        user,
                        new Kubeconfig.Proof.Token(login.path("status").path("token").asString("")))
                .write(file, user + "@" + granted, Optional.empty());
        System.out.printf(
                "Logged in as %s in tenant %s until %s.%nTry: kubectl --kubeconfig %s get"
                        + " namespaces%n",
                user,
                granted,
                login.path("status").path("expirationTimestamp").asString("?"),
                file);
        return 0;
    }

    /** The password goes to Keystone alone; the API sees the token. */
    private int atKeystone(URI keystone, String url, String ca) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("auth_url", keystone.toString());
        qualified(settings, "username", "user_domain_name", user);
        qualified(
                settings,
                "project_name",
                "project_domain_name",
                project.isEmpty() ? tenant : project);
        settings.put("password", password.read(user));
        if (keystoneAuthorities != null) {
            settings.put("cacert", keystoneAuthorities.toString());
        }
        KeystoneClient.Grant grant = KeystoneLogin.grant(OpenStackAccess.of(settings));
        String server = tenant.isEmpty() ? url : url + "/tenants/" + tenant;
        Path file = output == null ? Path.of(user + ".kubeconfig") : output;
        new Kubeconfig(server, ca, user, new Kubeconfig.Proof.Token(grant.value()))
                .write(file, user + "@keystone", Optional.empty());
        System.out.printf(
                "Logged in as %s at Keystone until %s.%nTry: kubectl --kubeconfig %s get"
                        + " namespaces%n",
                user, grant.token().expires(), file);
        return 0;
    }

    private static void qualified(
            Map<String, String> settings, String name, String domain, String text) {
        int at = text.lastIndexOf('@');
        settings.put(name, at < 0 ? text : text.substring(0, at));
        if (at >= 0) {
            settings.put(domain, text.substring(at + 1));
        }
    }
}
