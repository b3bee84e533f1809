package io.hypernetes.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Serves tests that are not ours: a tenant's world, or with a second argument the operator's, with
 * the controllers of workloads and a pretended node. Writes a kubeconfig into the file of the first
 * argument, and ends when its input does.
 */
final class ServedForOthers {
    /** Clusters have pods of their own. */
    private static final String DNS =
            "{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system}, spec:"
                    + " {containers: [{name: dns, image: dns}]}}";

    private ServedForOthers() {}

    public static void main(String[] arguments) throws IOException {
        try (KubernetesApiServer server = KubernetesApiServer.builder().workloads().start();
                PretendedNode _ = new PretendedNode(server.client())) {
            World world = arguments.length > 1 ? server.system() : server.createTenant("others");
            world.apply(DNS);
            Files.writeString(Path.of(arguments[0]), world.kubeconfig());
            System.out.println(server.url());
            System.in.transferTo(System.out);
        }
    }
}
