package io.hypernetes.runtime.cri;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerEventType;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.cri.ContainerRecord.Outcome;
import io.hypernetes.runtime.image.ImageHolder;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.StoredImage;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.VirtualMachine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The containers of all sandboxes: made, started, stopped, forgotten. */
final class Containers {

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(15);

    /** What other runtimes give as the exit code of a command that could not be executed. */
    private static final int NOT_STARTED = 128;

    private final Sandboxes sandboxes;
    private final ImageStore images;
    private final ContainerSetup setup;

    /** A container and where it is. */
    record Located(Sandbox sandbox, PodContainer container) {}

    Containers(Sandboxes sandboxes, ImageStore images, ContainerSetup setup) {
        this.sandboxes = sandboxes;
        this.images = images;
        this.setup = setup;
    }

    Optional<Located> find(String id) {
        for (Sandbox sandbox : sandboxes.list()) {
            Optional<PodContainer> container = sandbox.container(id);
            if (container.isPresent()) {
                return Optional.of(new Located(sandbox, container.get()));
            }
        }
        return Optional.empty();
    }

    Located get(String id) {
        return find(id).orElseThrow(() -> Failures.notFound("container", id));
    }

    /** A container that runs. */
    Located running(String id) {
        Located located = get(id);
        if (!located.container.record().running()) {
            throw Failures.precondition("the container '" + id + "' does not run");
        }
        return located;
    }

    /**
     * Makes a container in a sandbox; its id. The same name and attempt give the same container.
     */
    String create(String sandboxId, ContainerConfig config) {
        Sandbox sandbox = sandboxes.get(sandboxId);
        sandbox.lock.lock();
        try {
            Optional<String> existing = existing(sandbox, config);
            if (existing.isPresent()) {
                return existing.get();
            }
            VirtualMachine vm = sandbox.machine();
            StoredImage image = image(sandbox, config.getImage().getImage());
            ContainerRecord record = record(sandbox, config, image);
            PodContainer container = new PodContainer(record);
            sandbox.save(container, record);
            sandbox.add(container);
            try {
                prepare(sandbox, vm, container, image);
            } catch (RuntimeException e) {
                undo(sandbox, vm, container);
                throw e;
            }
            sandbox.tell(ContainerEventType.CONTAINER_CREATED_EVENT, record.id());
            return record.id();
        } finally {
            sandbox.lock.unlock();
        }
    }

    private void prepare(
            Sandbox sandbox, VirtualMachine vm, PodContainer container, StoredImage image) {
        ContainerRecord record = container.record();
        plug(vm, image);
        GuestAgent agent = vm.agent();
        agent.create(
                setup.spec(
                        record,
                        sandbox.record().config(),
                        image.config(),
                        agent,
                        name -> imageVolume(vm, image(sandbox, name))));
        container.output().begin();
        agent.output(record.id(), container.output());
    }

    /** An image is one disk of a sandbox, whatever containers and volumes it is. */
    private String plug(VirtualMachine vm, StoredImage image) {
        DiskSpec disk = SandboxSetup.imageDisk(image.id(), images);
        if (!vm.disks().contains(disk.id())) {
            if (vm.freeSlots() == 0) {
                throw Failures.precondition(
                        "the sandbox has no room for another disk: fewer volumes, or containers of"
                                + " fewer different images, are needed");
            }
            vm.plugDisk(disk);
        }
        return disk.id();
    }

    private String imageVolume(VirtualMachine vm, StoredImage image) {
        String disk = plug(vm, image);
        vm.agent().offerImageVolume(disk, disk);
        return disk;
    }

    private static void undo(Sandbox sandbox, VirtualMachine vm, PodContainer container) {
        try {
            Sandbox.remove(vm.agent(), container.id());
        } finally {
            sandbox.forget(container);
        }
    }

    private static Optional<String> existing(Sandbox sandbox, ContainerConfig config) {
        for (PodContainer container : sandbox.containers()) {
            if (container.record().config().getMetadata().equals(config.getMetadata())) {
                if (container.record().startedAt() != 0 || container.record().exited()) {
                    throw Failures.exists(
                            "the container '"
                                    + container.id()
                                    + "' of this name and attempt has been started already");
                }
                return Optional.of(container.id());
            }
        }
        return Optional.empty();
    }

    /** A sandbox of a tenant has what that tenant may use; without one it is the operator's. */
    private StoredImage image(Sandbox sandbox, String name) {
        String tenant = sandbox.record().config().getLabelsOrDefault(Annotations.TENANT, "");
        return (tenant.isEmpty() ? images.find(name) : images.find(new ImageHolder(tenant), name))
                .orElseThrow(() -> Failures.notFound("image (it must be pulled first)", name));
    }

    private ContainerRecord record(Sandbox sandbox, ContainerConfig config, StoredImage image) {
        return new ContainerRecord(
                Sandboxes.newId(),
                sandbox.id(),
                config,
                image.id().toString(),
                SandboxSetup.imageDisk(image.id(), images).id(),
                logPath(sandbox.record().config().getLogDirectory(), config.getLogPath()),
                Signals.stopSignal(config.getStopSignal(), image.config().stopSignal()),
                Times.now(),
                0,
                Outcome.NONE);
    }

    private static String logPath(String directory, String path) {
        if (directory.isEmpty() || path.isEmpty()) {
            return "";
        }
        Path folder = Path.of(directory).normalize();
        Path file = folder.resolve(path).normalize();
        if (!folder.isAbsolute() || !file.startsWith(folder) || file.equals(folder)) {
            throw Failures.invalid("not a path below the log directory: '" + path + "'");
        }
        return file.toString();
    }

    void start(String id) {
        Located located = get(id);
        Sandbox sandbox = located.sandbox;
        PodContainer container = located.container;
        sandbox.lock.lock();
        try {
            if (container.record().running()) {
                return;
            }
            if (container.record().exited()) {
                throw Failures.precondition("the container '" + id + "' has ended already");
            }
            try {
                sandbox.agent().start(id);
            } catch (AgentException e) {
                long now = Times.now();
                String message = String.valueOf(e.getMessage());
                sandbox.ended(container, new Outcome(now, NOT_STARTED, "StartError", message), now);
                throw e;
            }
            sandbox.note(container, container.record().started(Times.now()));
        } finally {
            sandbox.lock.unlock();
        }
        sandbox.tell(ContainerEventType.CONTAINER_STARTED_EVENT, id);
    }

    /** Other limits for a container; those that are not given stay. */
    void limit(String id, LinuxContainerResources wanted) {
        Located located = get(id);
        Sandbox sandbox = located.sandbox;
        PodContainer container = located.container;
        sandbox.lock.lock();
        try {
            ContainerRecord before = container.record();
            if (before.exited()) {
                throw Failures.precondition("the container '" + id + "' has ended");
            }
            ContainerRecord after = before.limited(wanted);
            sandbox.agent()
                    .limit(id, ContainerSetup.resources(after.config().getLinux().getResources()));
            sandbox.save(container, after);
        } finally {
            sandbox.lock.unlock();
        }
    }

    /** Asks the container to end, waits, and kills it; nothing when it does not run. */
    void stop(String id, Duration patience) throws InterruptedException {
        Optional<Located> found = find(id);
        if (found.isEmpty() || !found.get().container.record().running()) {
            return;
        }
        Sandbox sandbox = found.get().sandbox;
        PodContainer container = found.get().container;
        if (patience.isPositive()) {
            sandbox.agent().signal(id, container.record().stopSignal());
            if (ended(container, patience)) {
                return;
            }
        }
        sandbox.agent().signal(id, Signals.KILL);
        if (!ended(container, KILL_PATIENCE)) {
            throw Failures.precondition("the container '" + id + "' does not end when killed");
        }
    }

    private static boolean ended(PodContainer container, Duration patience)
            throws InterruptedException {
        try {
            ContainerRecord unused =
                    container.ended().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end is never exceptional", e);
        }
    }

    /** Kills when it runs, and forgets; nothing when there is none. */
    void remove(String id) {
        Optional<Located> found = find(id);
        if (found.isEmpty()) {
            return;
        }
        Sandbox sandbox = found.get().sandbox;
        PodContainer container = found.get().container;
        sandbox.lock.lock();
        try {
            if (sandbox.ready()) {
                VirtualMachine vm = sandbox.machine();
                Sandbox.remove(vm.agent(), id);
                sandbox.forget(container);
                unplug(sandbox, vm, container.record().imageDisk());
            } else {
                sandbox.forget(container);
            }
        } finally {
            sandbox.lock.unlock();
        }
        sandbox.tell(ContainerEventType.CONTAINER_DELETED_EVENT, id);
    }

    private static void unplug(Sandbox sandbox, VirtualMachine vm, String disk) {
        List<String> used =
                sandbox.containers().stream().map(other -> other.record().imageDisk()).toList();
        if (!used.contains(disk)) {
            vm.unplugDisk(disk);
        }
    }
}
