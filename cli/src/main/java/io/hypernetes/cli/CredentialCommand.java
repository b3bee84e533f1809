package io.hypernetes.cli;

import io.hypernetes.api.json.Json;
import io.hypernetes.identity.keystone.KeystoneClient;
import io.hypernetes.identity.keystone.OpenStackAccess;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code hypernetes credential}: kubectl runs it when it needs a token. */
@Command(
        name = "credential",
        description = {
            "Print a Keystone token as a credential plugin of kubectl does",
            "(client.authentication.k8s.io/v1). Who you are is read from the variables",
            "OS_* or from clouds.yaml, as OpenStack's own tools read it."
        },
        mixinStandardHelpOptions = true)
final class CredentialCommand implements Callable<Integer> {

    @Option(
            names = "--os-cloud",
            paramLabel = "NAME",
            description = "A cloud of clouds.yaml (default: OS_CLOUD, else the variables OS_*).")
    private String cloud = "";

    @Override
    public Integer call() {
        System.out.println(Json.text(credential(access(cloud, System.getenv()))));
        return 0;
    }

    static OpenStackAccess access(String cloud, Map<String, String> environment) {
        String name = cloud.isEmpty() ? environment.getOrDefault("OS_CLOUD", "") : cloud;
        try {
            return name.isEmpty()
                    ? OpenStackAccess.ofVariables(environment)
                    : OpenStackAccess.of(CloudsFile.settings(name, environment));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ObjectNode credential(OpenStackAccess access) {
        KeystoneClient.Grant grant = KeystoneLogin.grant(access);
        ObjectNode credential = Json.object();
        credential.put("apiVersion", "client.authentication.k8s.io/v1");
        credential.put("kind", "ExecCredential");
        credential
                .putObject("status")
                .put("token", grant.value())
                .put(
                        "expirationTimestamp",
                        grant.token().expires().truncatedTo(ChronoUnit.SECONDS).toString());
        return credential;
    }
}
