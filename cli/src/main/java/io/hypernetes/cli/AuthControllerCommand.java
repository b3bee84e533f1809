package io.hypernetes.cli;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.custom.ThirdPartyResource;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.controllerruntime.LeaderElection;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.tenancy.AuthController;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.Callable;

/** {@code hypernetes auth-controller}: users, namespaces and their RBAC in any Kubernetes. */
@Command(
        name = "auth-controller",
        description = {
            "Keep the RBAC of users and of the namespaces that they made in another Kubernetes,"
                    + " which",
            "is one world for all. Its users are objects of the kind User (stable.example.com/v1);",
            "the definition is made if there is none. Who made a namespace says the annotation"
                    + " that",
            "'hypernetes admission-webhook' writes. Runs until Ctrl-C; of several one leads."
        },
        mixinStandardHelpOptions = true)
final class AuthControllerCommand implements Callable<Integer> {

    private static final String LEASE = "hypernetes-auth-controller";
    private static final String PLURAL = "users";

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            required = true,
            description = "Whose cluster, and as whom: somebody with all rights there.")
    private Path kubeconfig = Path.of("");

    @Option(
            names = "--user-group",
            paramLabel = "GROUP",
            description = "API group of the users, version v1 (default: ${DEFAULT-VALUE}).",
            defaultValue = "stable.example.com")
    private String group = "stable.example.com";

    @Option(
            names = "--annotation",
            paramLabel = "KEY",
            description = "Of namespaces: who made them (default: ${DEFAULT-VALUE}).",
            defaultValue = AuthController.CREATOR)
    private String annotation = AuthController.CREATOR;

    @Option(
            names = "--leader-elect",
            paramLabel = "BOOLEAN",
            arity = "1",
            description = "Work only as the holder of a Lease in kube-system (default: true).",
            defaultValue = "true")
    private boolean elect = true;

    @Override
    public Integer call() throws InterruptedException {
        try (Termination end = new Termination();
                RemoteClient client = RemoteClient.ofOneWorld(config())) {
            Scope scope = define(client);
            if (elect) {
                try (LeaderElection election =
                        new LeaderElection(
                                client,
                                LEASE,
                                "auth-controller_" + UUID.randomUUID(),
                                LeaderElection.Timing.DEFAULT,
                                Clock.systemUTC(),
                                () -> lead(client, scope))) {
                    election.start();
                    end.await();
                }
            } else {
                try (AuthController _ = lead(client, scope)) {
                    end.await();
                }
            }
        }
        return 0;
    }

    private AuthController lead(Client client, Scope scope) {
        GroupVersionKind users = new GroupVersionKind(group, "v1", "User");
        AuthController controller =
                AuthController.ofOneWorld(client, users, PLURAL, scope, annotation).start();
        System.out.println("keeping the RBAC of " + PLURAL + "." + group);
        return controller;
    }

    private Kubeconfig config() {
        try {
            return Kubeconfig.read(kubeconfig);
        } catch (IOException e) {
            throw new CommandException(kubeconfig + " cannot be read: " + e, e);
        }
    }

    /** Whether its objects lie in namespaces. */
    private Scope define(Client client) {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", PLURAL + "." + group);
        ObjectNode definition =
                client.find(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, key)
                        .orElseGet(() ->
                                client.create(
                                        ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS,
                                        Tenant.SYSTEM,
                                        thirdParty()));
        return definition.at("/spec/scope").asString("").equals("Cluster")
                ? Scope.CLUSTER
                : Scope.NAMESPACED;
    }

    private ObjectNode thirdParty() {
        ObjectNode resource = Json.object();
        resource.putObject("metadata").put("name", "user." + group);
        resource.putArray("versions").addObject().put("name", "v1");
        return ThirdPartyResource.definition(resource);
    }
}
