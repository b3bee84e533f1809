package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.image.ImageLimits;
import io.hypernetes.runtime.image.RegistrySettings;

import java.nio.file.Path;
import java.util.List;

/**
 * How to run hyper.
 *
 * @param dataDir holds images and the state of sandboxes
 * @param socket where to serve; a path of at most 107 bytes (the limit of UNIX sockets)
 * @param copyFrom folders of the node whose files a client may have copied into sandboxes by giving
 *     a path ({@code /var/lib/kubelet/pods} for an upstream kubelet); usually none
 */
public record HyperConfig(
        Path dataDir,
        Path socket,
        ImageLimits imageLimits,
        RegistrySettings registries,
        List<Path> copyFrom) {

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
                List.of());
    }
}
