package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.vm.Hypervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The runtime as a whole: CRI v1 and the guest service on a UNIX socket, in front of a hypervisor.
 * Sandboxes outlive it: closing, or dying, leaves the machines running, and the next start over the
 * same folder takes them over before it answers the first call.
 */
public final class Hyper implements AutoCloseable {

    private final HyperConfig config;
    private final Hypervisor hypervisor;
    private final ImageStore images;
    private final ContainerEvents events;
    private final Sandboxes sandboxes;
    private final Watchdog watchdog;
    private final Spares spares;
    private final CriSocket socket;

    private Hyper(HyperConfig config, Hypervisor hypervisor, StreamingUrls urls)
            throws IOException, InterruptedException {
        this.config = config;
        this.hypervisor = hypervisor;
        this.images =
                new ImageStore(
                        config.dataDir().resolve("images"),
                        config.imageLimits(),
                        config.registries());
        StateFolder state = new StateFolder(stateFolder(config));
        HostFiles hostFiles = new HostFiles(config.copyFrom());
        Messages messages = new Messages(images);
        this.events = new ContainerEvents(messages);
        this.spares = new Spares(hypervisor, images, config.spares());
        this.sandboxes =
                new Sandboxes(
                        hypervisor, state, events, new SandboxSetup(hostFiles), images, spares);
        sandboxes.adopt();
        spares.start();
        this.watchdog = new Watchdog(sandboxes, config.guestPatience());
        watchdog.start();
        Containers containers = new Containers(sandboxes, images, new ContainerSetup(hostFiles));
        this.socket =
                CriSocket.open(
                        config.socket(),
                        List.of(
                                new RuntimeEndpoint(
                                        sandboxes,
                                        containers,
                                        events,
                                        messages,
                                        urls,
                                        info(hypervisor)),
                                new ImageEndpoint(images),
                                new GuestEndpoint(sandboxes, containers, images)));
    }

    /**
     * Takes over what runs and serves.
     *
     * @param hypervisor closed together with what this returns
     * @param urls not closed
     */
    public static Hyper start(HyperConfig config, Hypervisor hypervisor, StreamingUrls urls)
            throws InterruptedException {
        try {
            return new Hyper(config, hypervisor, urls);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the runtime can not serve on " + config.socket() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> info(Hypervisor hypervisor) {
        return Map.of("accelerator", hypervisor.accelerator().name());
    }

    private static Path stateFolder(HyperConfig config) {
        return config.dataDir().resolve("sandboxes");
    }

    /** Where it serves. */
    public Path socket() {
        return config.socket();
    }

    /** How many machines stand by for the next sandboxes. */
    int spares() {
        return spares.count();
    }

    /** The images, for a program that runs hyper in itself and has images of its own to bring. */
    public ImageStore images() {
        return images;
    }

    /** Stops serving; sandboxes keep running. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the socket can not be closed", e);
        } finally {
            watchdog.close();
            spares.close();
            events.close();
            sandboxes.release();
            hypervisor.close();
            images.close();
        }
    }

    /** Ends all sandboxes, stops serving, and removes images and state. */
    public void purge() {
        try {
            socket.close();
            watchdog.close();
            spares.close();
            events.close();
            sandboxes.release();
            hypervisor.purge();
            hypervisor.close();
            images.close();
            StateFolder.deleteTree(stateFolder(config));
            StateFolder.deleteTree(images.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("the runtime's files can not be removed", e);
        }
    }
}
