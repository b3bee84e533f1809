package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.ContainerEventType;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxMetadata;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;
import io.hypernetes.runtime.vm.VmSpec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The sandboxes of a node: made, found again, ended, forgotten. */
final class Sandboxes {

    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);

    /** Whose machine it is does not matter while its size is looked at. */
    private static final String NOBODY = "nobody";

    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);
    private static final Duration POWER_OFF_PATIENCE = Duration.ofSeconds(10);

    private final Hypervisor hypervisor;
    private final StateFolder state;
    private final ContainerEvents events;
    private final SandboxSetup setup;
    private final ImageStore images;
    private final Spares spares;
    private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();

    /** Requests under way: a repeated one waits for the first. */
    private final ConcurrentHashMap<PodSandboxMetadata, CompletableFuture<String>> making =
            new ConcurrentHashMap<>();

    Sandboxes(
            Hypervisor hypervisor,
            StateFolder state,
            ContainerEvents events,
            SandboxSetup setup,
            ImageStore images,
            Spares spares) {
        this.hypervisor = hypervisor;
        this.state = state;
        this.events = events;
        this.setup = setup;
        this.images = images;
        this.spares = spares;
    }

    Collection<Sandbox> list() {
        return List.copyOf(sandboxes.values());
    }

    Optional<Sandbox> find(String id) {
        return Optional.ofNullable(sandboxes.get(id));
    }

    Sandbox get(String id) {
        return find(id).orElseThrow(() -> Failures.notFound("sandbox", id));
    }

    /** A sandbox for this pod and attempt, made when there is none; its id. */
    String run(PodSandboxConfig config, String handler) throws InterruptedException {
        CompletableFuture<String> ours = new CompletableFuture<>();
        CompletableFuture<String> first = making.putIfAbsent(config.getMetadata(), ours);
        if (first == null) {
            try {
                ours.complete(existing(config).orElseGet(() -> make(config, handler)));
            } catch (RuntimeException e) {
                ours.completeExceptionally(e);
            } finally {
                making.remove(config.getMetadata(), ours);
            }
            first = ours;
        }
        try {
            return first.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw Failures.status(cause == null ? e : cause).asRuntimeException();
        }
    }

    private Optional<String> existing(PodSandboxConfig config) {
        for (Sandbox sandbox : sandboxes.values()) {
            if (sandbox.record().is(config.getMetadata())) {
                if (!sandbox.ready()) {
                    throw Failures.exists(
                            "the sandbox '"
                                    + sandbox.id()
                                    + "' of this pod and attempt has ended; remove it, or use the"
                                    + " next attempt");
                }
                return Optional.of(sandbox.id());
            }
        }
        return Optional.empty();
    }

    private String make(PodSandboxConfig config, String handler) {
        VmSpec size = SandboxSetup.machine(NOBODY, config);
        Optional<VirtualMachine> spare = spares.take(size.memoryMiB(), size.cpus());
        String id = spare.map(VirtualMachine::id).orElseGet(Sandboxes::newId);
        Sandbox sandbox =
                new Sandbox(
                        new SandboxRecord(
                                id, config, handler, Times.now(), SandboxRecord.State.CREATING),
                        state,
                        events);
        try {
            sandbox.set(SandboxRecord.State.CREATING);
            VmSpec machine = SandboxSetup.machine(id, config, images);
            VirtualMachine vm =
                    spare.map(idle -> equipped(idle, machine))
                            .orElseGet(() -> hypervisor.create(machine));
            setup.configure(vm.agent(), config);
            sandbox.set(SandboxRecord.State.READY);
            sandboxes.put(id, sandbox);
            sandbox.follow(vm);
        } catch (RuntimeException e) {
            hypervisor.destroy(id);
            sandboxes.remove(id);
            state.deleteSandbox(id);
            throw e;
        }
        sandbox.tell(ContainerEventType.CONTAINER_CREATED_EVENT, id);
        sandbox.tell(ContainerEventType.CONTAINER_STARTED_EVENT, id);
        return id;
    }

    /** A machine that stood by, with what this one is to have. */
    private static VirtualMachine equipped(VirtualMachine idle, VmSpec machine) {
        machine.disks().forEach(idle::plugDisk);
        machine.nics().forEach(idle::plugNic);
        idle.resume();
        return idle;
    }

    /**
     * Another size: what is more is plugged into the running machine; what is less stays, since
     * only the containers' own limits can give memory back (KEP-1287).
     */
    void resize(String id, LinuxContainerResources overhead, LinuxContainerResources wanted) {
        Sandbox sandbox = get(id);
        sandbox.lock.lock();
        try {
            PodSandboxConfig.Builder config = sandbox.record().config().toBuilder();
            config.getLinuxBuilder().getResourcesBuilder().mergeFrom(wanted);
            config.getLinuxBuilder().getOverheadBuilder().mergeFrom(overhead);
            PodSandboxConfig resized = config.build();
            VmSpec machine = SandboxSetup.machine(id, resized);
            sandbox.machine().grow(machine.memoryMiB(), machine.cpus());
            sandbox.set(resized);
        } finally {
            sandbox.lock.unlock();
        }
    }

    /** Also the form of container ids: 128 random bits. */
    static String newId() {
        byte[] bits = new byte[16];
        ThreadLocalRandom.current().nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    /** Ends the machine, after its containers and with all written out; nothing when it is off. */
    void stop(String id) throws InterruptedException {
        Sandbox sandbox = sandboxes.get(id);
        if (sandbox == null || !sandbox.ready()) {
            return;
        }
        killContainers(sandbox);
        sandbox.lock.lock();
        try {
            if (!sandbox.ready()) {
                return;
            }
            VirtualMachine vm = sandbox.machine();
            sandbox.over();
            powerOff(vm);
            sandbox.machineGone("Error", "the sandbox was stopped");
        } finally {
            sandbox.lock.unlock();
        }
        sandbox.tell(ContainerEventType.CONTAINER_STOPPED_EVENT, id);
    }

    private static void killContainers(Sandbox sandbox) throws InterruptedException {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        try {
            for (PodContainer container : sandbox.containers()) {
                if (container.record().running()) {
                    sandbox.agent().signal(container.id(), Signals.KILL);
                    ends.add(container.ended());
                }
            }
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
                    .get(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (AgentException | TimeoutException | ExecutionException e) {
            LOG.debug("containers of {} end with their machine: {}", sandbox.id(), e.toString());
        }
    }

    /** The guest writes its disks out and ends; if it does not, the machine is ended. */
    private static void powerOff(VirtualMachine vm) throws InterruptedException {
        CountDownLatch off = new CountDownLatch(1);
        vm.onExit(off::countDown);
        try {
            vm.agent().powerOff();
            boolean unused = off.await(POWER_OFF_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (AgentException e) {
            LOG.debug("machine {} does not power off: {}", vm.id(), e.toString());
        }
        vm.kill();
    }

    /** Ends and forgets a sandbox with its containers; nothing when there is none. */
    void remove(String id) throws InterruptedException {
        Sandbox sandbox = sandboxes.get(id);
        if (sandbox == null) {
            return;
        }
        stop(id);
        sandbox.lock.lock();
        try {
            hypervisor.destroy(id);
            sandbox.containers().forEach(container -> container.output().end());
            state.deleteSandbox(id);
            sandboxes.remove(id);
        } finally {
            sandbox.lock.unlock();
        }
        sandbox.tell(ContainerEventType.CONTAINER_DELETED_EVENT, id);
    }

    /** At start: takes over the machines that run, notes those that do not, removes the unknown. */
    void adopt() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (StateFolder.Saved saved : state.load()) {
            known.add(saved.sandbox().id());
            threads.add(
                    Thread.ofVirtual()
                            .name("adopt " + saved.sandbox().id())
                            .start(() -> adopt(saved)));
        }
        for (String id : hypervisor.ids()) {
            if (!known.contains(id)) {
                LOG.info("removing machine {}, which belongs to no sandbox", id);
                hypervisor.destroy(id);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void adopt(StateFolder.Saved saved) {
        String id = saved.sandbox().id();
        if (saved.sandbox().state() == SandboxRecord.State.CREATING) {
            hypervisor.destroy(id);
            state.deleteSandbox(id);
            return;
        }
        Sandbox sandbox = new Sandbox(saved.sandbox(), state, events);
        saved.containers().forEach(record -> sandbox.add(new PodContainer(record)));
        sandboxes.put(id, sandbox);
        if (!sandbox.ready()) {
            hypervisor.destroy(id);
            sandbox.machineGone("Error", "the sandbox was stopped");
            return;
        }
        try {
            Optional<VirtualMachine> vm = hypervisor.adopt(id);
            if (vm.isPresent()) {
                sandbox.reconcile(vm.get().agent());
                sandbox.follow(vm.get());
                return;
            }
        } catch (VmException | AgentException e) {
            LOG.warn("the machine of sandbox {} can not be taken over", id, e);
            hypervisor.destroy(id);
        }
        sandbox.over();
        sandbox.machineGone("VMDied", "the virtual machine of the sandbox has ended");
    }

    /** Lets go of all machines; they keep running. */
    void release() {
        sandboxes.values().forEach(Sandbox::release);
    }
}
