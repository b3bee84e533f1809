package io.hypernetes.node;

import io.hypernetes.api.Tenant;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the parts of a pod, its network and its volumes, come into its sandbox. This and {@link
 * SandboxAccess} are all that differs from one runtime to another; the rest is CRI v1.
 */
interface PodSetup {

    /**
     * Before anything is made.
     *
     * @throws PodConfigException when this runtime cannot run such a pod
     */
    void check(Tenant tenant, ObjectNode pod);

    /** Whether the pod has no port of its own, but its machine's network. */
    boolean isOnHostNetwork(ObjectNode pod);

    /** The port of a pod that has its own, made if there is none. */
    Port attach(NetworkEngine engine, NetworkId network, PortId port);

    /** Brings the port into the sandbox, if it is not there from the sandbox' begin. */
    void connect(NetworkEngine engine, Port port, String sandbox);

    /**
     * Adds network and volumes to what the runtime is told of a sandbox.
     *
     * @param port empty on the host's network
     */
    void complete(
            PodSandboxConfig.Builder config,
            ObjectNode pod,
            Optional<Port> port,
            List<PodVolume> volumes);

    /** What {@code host_path} of a mount of this volume is. */
    String source(PodLook look, String volume, String subPath);

    /** Adds what containers of this runtime need besides. */
    void complete(ContainerConfig.Builder config, PodLook look, JsonNode container, int attempt);

    /** Brings files to what they are now. */
    void write(SandboxView sandbox, List<PodVolume> volumes, PodMemory memory);

    /** A file that containers have left in a volume; empty when there is none. */
    Optional<byte[]> read(SandboxView sandbox, String volume, String path);

    /** Bytes in each of its volumes that can be measured. */
    Map<String, Long> volumeBytes(SandboxView sandbox);

    /** The uids of the pods of which something is left. */
    Set<String> holders();

    /** Removes what is left of a pod when its sandbox has gone; nothing when there is nothing. */
    void remove(String podUid);
}
