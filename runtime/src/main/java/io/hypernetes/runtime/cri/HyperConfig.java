package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.image.ImageLimits;
import io.hypernetes.runtime.image.RegistrySettings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How to run hyper.
 *
 * @param dataDir holds images and the state of sandboxes
 * @param socket where to serve; a path of at most 107 bytes (the limit of UNIX sockets)
 * @param copyFrom folders of the node whose files a client may have copied into sandboxes by giving
 *     a path ({@code /var/lib/kubelet/pods} for an upstream kubelet); usually none
 * @param guestPatience how long a guest may be silent before its machine is ended
 * @param spares kept ready for pods of the usual size
 */
public record HyperConfig(
        Path dataDir,
        Path socket,
        ImageLimits imageLimits,
        RegistrySettings registries,
        List<Path> copyFrom,
        Duration guestPatience,
        SpareMachines spares) {

    /**
     * Machines that are kept ready.
     *
     * @param count always so many, if there is memory for them
     * @param most as many as were asked for in the last minutes, up to so many
     * @param image that each of them runs once; one that is the operator's
     */
    public record SpareMachines(int count, int most, int memoryMiB, int cpus, String image) {
        public static final SpareMachines NONE = new SpareMachines(0, 0, 0, 0, "");
    }

    /** Long, because without KVM a guest of a crowded node can be slow. */
    public static final Duration GUEST_PATIENCE = Duration.ofMinutes(3);

    private static final int MAX_SOCKET = 107;

    public HyperConfig {
        if (socket.toString().length() > MAX_SOCKET) {
            throw new IllegalArgumentException(
                    "the path of the socket is too long (" + MAX_SOCKET + " bytes): " + socket);
        }
        copyFrom = List.copyOf(copyFrom);
    }

    /** The usual: the socket is {@code hyper.sock} in the data folder. */
    public HyperConfig(Path dataDir) {
        this(
                dataDir,
                dataDir.resolve("hyper.sock"),
                ImageLimits.DEFAULT,
                RegistrySettings.DEFAULT,
                List.of(),
                GUEST_PATIENCE,
                SpareMachines.NONE);
    }
}
