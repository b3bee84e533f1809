package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.ContainerResources;
import io.hypernetes.runtime.agent.ContainerSecurity;
import io.hypernetes.runtime.agent.ContainerSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestFile;
import io.hypernetes.runtime.agent.GuestNetwork;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.StoredImage;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;
import io.hypernetes.runtime.vm.VmSpec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Machines of the usual size that were cloned before anybody asked for them, and stand still. Each
 * has done once what a pod's start will ask of it, with an image that is the operator's: under
 * emulation most of the time of a first time is the translation of the guest's code, which stays.
 * Nobody's data has been in one, and each is used once.
 *
 * <p>They belong to no sandbox: the next start removes those that a killed program has left. One
 * virtual thread makes them, when nobody waits for a machine, and with a low priority, since
 * somebody may come. When the node is short of memory they are given back.
 */
final class Spares implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spares.class);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration DEMAND = Duration.ofMinutes(10);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final long PATIENCE_SECONDS = 60;
    private static final String WARM = "warm";

    private final Hypervisor hypervisor;
    private final ImageStore images;
    private final HyperConfig.SpareMachines wanted;
    private final ConcurrentLinkedDeque<VirtualMachine> ready = new ConcurrentLinkedDeque<>();

    /** When somebody asked for a machine last, by {@link System#nanoTime}. */
    private final AtomicLong lastAsked = new AtomicLong(System.nanoTime());

    private final Demand demand;

    private final Thread maker = Thread.ofVirtual().name("spare machines").unstarted(this::run);

    Spares(Hypervisor hypervisor, ImageStore images, HyperConfig.SpareMachines wanted) {
        this.hypervisor = hypervisor;
        this.images = images;
        this.wanted = wanted;
        this.demand = new Demand(wanted.count(), wanted.most(), DEMAND);
    }

    void start() {
        if (wanted.count() > 0) {
            maker.start();
        }
    }

    /** Stops making them, and ends those that are there. */
    @Override
    public void close() {
        maker.interrupt();
        try {
            maker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (VirtualMachine machine = ready.poll(); machine != null; machine = ready.poll()) {
            hypervisor.destroy(machine.id());
        }
    }

    /** How many stand by. */
    int count() {
        return ready.size();
    }

    /** One of exactly this size, if there is one; it runs, and is the caller's from now on. */
    Optional<VirtualMachine> take(int memoryMiB, int cpus) {
        long now = System.nanoTime();
        lastAsked.set(now);
        if (memoryMiB != wanted.memoryMiB() || cpus != wanted.cpus()) {
            return Optional.empty();
        }
        demand.asked(now);
        for (VirtualMachine machine = ready.poll(); machine != null; machine = ready.poll()) {
            try {
                if (machine.alive()) {
                    return Optional.of(machine);
                }
            } catch (VmException e) {
                LOG.info("a spare machine is of no use: {}", e.getMessage());
            }
            hypervisor.destroy(machine.id());
        }
        return Optional.empty();
    }

    private void run() {
        try {
            while (true) {
                long now = System.nanoTime();
                long idle = now - lastAsked.get();
                int target = NodeMemory.isShort() ? 0 : demand.at(now);
                if (ready.size() > target) {
                    giveBack();
                } else if (ready.size() == target) {
                    Thread.sleep(LOOK);
                } else if (idle < QUIET.toNanos()) {
                    Thread.sleep(QUIET.minusNanos(idle));
                } else {
                    make();
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("no more spare machines are made");
        }
    }

    private void giveBack() {
        VirtualMachine machine = ready.pollLast();
        if (machine != null) {
            hypervisor.destroy(machine.id());
        }
    }

    private void make() throws InterruptedException {
        String id = Sandboxes.newId();
        try {
            VirtualMachine machine =
                    hypervisor.createInBackground(
                            new VmSpec(id, wanted.memoryMiB(), wanted.cpus()));
            warm(machine);
            machine.pause();
            machine.leaveBackground();
            ready.add(machine);
        } catch (VmException | AgentException e) {
            hypervisor.destroy(id);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("no spare machine could be made: {}", e.getMessage());
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            hypervisor.destroy(id);
            throw e;
        }
    }

    /** What a pod's start does, and the end of all of it. */
    private void warm(VirtualMachine machine) throws InterruptedException {
        GuestAgent agent = machine.agent();
        agent.configure(
                new GuestNetwork(WARM, "02:00:00:00:00:01", List.of(), 1400, List.of(), ""));
        agent.writeFiles(
                WARM, List.of(new GuestFile(WARM, 0644, new byte[] {'\n'})), OptionalLong.empty());
        agent.unmountVolume(WARM);
        Optional<StoredImage> image = images.find(wanted.image());
        if (image.isPresent()) {
            run(machine, image.get());
        }
    }

    private void run(VirtualMachine machine, StoredImage image) throws InterruptedException {
        GuestAgent agent = machine.agent();
        DiskSpec disk = SandboxSetup.imageDisk(image.id(), images);
        machine.plugDisk(disk);
        CountDownLatch ended = new CountDownLatch(1);
        agent.onContainerExit(_ -> ended.countDown());
        agent.create(
                new ContainerSpec(
                        WARM,
                        disk.id(),
                        List.of("/bin/sh", "-c", "true"),
                        Map.of(),
                        "",
                        "",
                        List.of(),
                        ContainerSecurity.DEFAULT,
                        ContainerResources.NONE,
                        List.of(),
                        false,
                        false,
                        false,
                        "",
                        "",
                        List.of(),
                        List.of()));
        agent.start(WARM);
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new VmException("what it was to run does not end");
        }
        agent.remove(WARM);
        machine.unplugDisk(disk.id());
    }
}
