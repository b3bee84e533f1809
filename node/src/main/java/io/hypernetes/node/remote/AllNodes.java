package io.hypernetes.node.remote;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.types.BuiltinTypes;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BiFunction;

/** The way into pods of all machines: each pod by the machine that it is bound to. */
public final class AllNodes implements PodAccess {

    private final Client client;
    private final String self;
    private final PodAccess own;
    private final BiFunction<String, InetSocketAddress, PodAccess> others;

    /**
     * @param self the name of this machine's node
     * @param own the way into its pods, and the answer for a pod that no machine has
     * @param others makes the way to another machine of its name and address
     */
    public AllNodes(
            Client client,
            String self,
            PodAccess own,
            BiFunction<String, InetSocketAddress, PodAccess> others) {
        this.client = client;
        this.self = self;
        this.own = own;
        this.others = others;
    }

    private PodAccess of(ObjectKey pod) {
        return client.find(BuiltinTypes.PODS, pod)
                .map(found -> found.path("spec").path("nodeName").asString(""))
                .filter(node -> !node.isEmpty())
                .map(this::of)
                .orElse(own);
    }

    private PodAccess of(String node) {
        if (node.equals(self)) {
            return own;
        }
        return others.apply(node, new NodeAddresses(client).of(node));
    }

    @Override
    public UsageSource usages() {
        return new UsageSource() {
            @Override
            public Optional<PodUsage> pod(ObjectKey pod) {
                return of(pod).usages().pod(pod);
            }

            @Override
            public Optional<NodeUsage> node(String name) {
                return of(name).usages().node(name);
            }

            private PodAccess of(ObjectKey pod) {
                return reachable(() -> AllNodes.this.of(pod));
            }

            private PodAccess of(String node) {
                return reachable(() -> AllNodes.this.of(node));
            }

            /** A machine that cannot be asked uses nothing that is known. */
            private PodAccess reachable(java.util.function.Supplier<PodAccess> look) {
                try {
                    return look.get();
                } catch (ApiException _) {
                    return own;
                }
            }
        };
    }

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        return of(pod).logs(pod, options);
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        return of(pod).exec(pod, options, output);
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        return of(pod).connect(pod, port);
    }
}
