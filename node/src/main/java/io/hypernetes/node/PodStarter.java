package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.controller.NetworkController;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes a pod one step further: its network port, its volumes, its sandbox, then its containers.
 * Each call does all that can be done now; what must be waited for is left for the next.
 */
final class PodStarter {

    private final NetworkEngine network;
    private final Informer namespaces;
    private final PodVolumes volumes;
    private final PodRuntime runtime;
    private final GuestFiles guestFiles;
    private final CriConfigs configs;
    private final ContainerStarter containers;

    PodStarter(
            NetworkEngine network,
            Informer namespaces,
            PodVolumes volumes,
            PodRuntime runtime,
            GuestFiles guestFiles,
            CriConfigs configs,
            ContainerStarter containers) {
        this.network = network;
        this.namespaces = namespaces;
        this.volumes = volumes;
        this.runtime = runtime;
        this.guestFiles = guestFiles;
        this.configs = configs;
        this.containers = containers;
    }

    /**
     * @return when to look again although nothing has changed, if so
     * @throws PodConfigException when the pod cannot be started as it is written, for now
     */
    Optional<Duration> advance(
            Tenant tenant, ObjectNode pod, Optional<SandboxView> known, PodMemory memory) {
        if (known.isPresent() && !known.get().ready() && !mayStartAgain(pod)) {
            return Optional.empty();
        }
        Port port = network.attach(networkOf(tenant, pod), port(tenant, Metadata.uid(pod)));
        List<PodVolume> prepared = volumes.prepare(tenant, pod, port.address());
        PodSandboxConfig config =
                configs.sandbox(
                        tenant,
                        pod,
                        attempt(known),
                        port,
                        prepared,
                        PodDns.of(pod, port.nameServer()));
        SandboxView sandbox =
                known.filter(SandboxView::ready)
                        .orElseGet(() -> newSandbox(tenant, pod, known, config, port, memory));
        guestFiles.push(sandbox.id(), prepared, memory);
        return containers.advance(tenant, pod, sandbox, config, port.address(), memory);
    }

    private SandboxView newSandbox(
            Tenant tenant,
            ObjectNode pod,
            Optional<SandboxView> dead,
            PodSandboxConfig config,
            Port port,
            PodMemory memory) {
        dead.ifPresent(view -> runtime.removeSandbox(view.id()));
        memory.forgetPushed();
        String id = runtime.runSandbox(config);
        network.awaitReady(port);
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), Metadata.name(pod));
        return runtime.sandboxes(key).stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new PodConfigException(
                                "FailedCreatePodSandBox",
                                "the sandbox ended while it was started"));
    }

    private static int attempt(Optional<SandboxView> known) {
        return known.map(view -> view.ready() ? view.attempt() : view.attempt() + 1).orElse(0);
    }

    /** A pod that may not restart its containers ends with its machine. */
    private static boolean mayStartAgain(ObjectNode pod) {
        return !pod.path("spec").path("restartPolicy").asString("Always").equals("Never");
    }

    private NetworkId networkOf(Tenant tenant, ObjectNode pod) {
        ObjectKey namespace = new ObjectKey(tenant, "", Metadata.namespace(pod));
        return new NetworkId(tenant.name(), NetworkController.networkOf(namespaces.get(namespace)));
    }

    private static PortId port(Tenant tenant, String uid) {
        return new PortId(tenant.name(), uid);
    }

    /** The pod's address, empty before it has one. */
    String address(Tenant tenant, ObjectNode pod) {
        return network.port(port(tenant, Metadata.uid(pod))).map(Port::address).orElse("");
    }

    /** Gives the port and the disks back. */
    void release(Tenant tenant, String uid) {
        network.detach(port(tenant, uid));
        volumes.release(uid);
    }

    /** Ends the logs of a pod that is no more. */
    void removeLogs(SandboxView sandbox) {
        ObjectKey pod = sandbox.pod();
        Path folder =
                configs.logDirectory(pod.tenant(), pod.namespace(), pod.name(), sandbox.uid());
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the logs in " + folder + " cannot be removed", e);
        }
    }
}
