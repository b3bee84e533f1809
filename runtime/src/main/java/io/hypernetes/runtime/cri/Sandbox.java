package io.hypernetes.runtime.cri;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.ContainerEventType;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.ContainerStatus;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.cri.ContainerRecord.Outcome;
import io.hypernetes.runtime.vm.VirtualMachine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A sandbox, its machine and its containers. Every change is made under {@link #lock}, is on disk
 * before it can be seen, and is told to those who listen for events. What has happened already (a
 * start, an end) is so whether or not a full disk takes it; after a restart of the program the
 * machine, or its absence, tells it again.
 */
final class Sandbox {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);
    private static final int KILLED = 137;

    final ReentrantLock lock = new ReentrantLock();

    private final StateFolder state;
    private final ContainerEvents events;
    private final Map<String, PodContainer> containers = new ConcurrentHashMap<>();
    private volatile SandboxRecord record;
    private volatile Optional<VirtualMachine> machine = Optional.empty();

    /** Set when the program lets go of its machines: what it hears afterwards means nothing. */
    private volatile boolean released;

    private volatile boolean waitsForSpace;

    /** Why we have ended the machine; empty when it ended by itself. */
    private volatile String verdict = "";

    Sandbox(SandboxRecord record, StateFolder state, ContainerEvents events) {
        this.record = record;
        this.state = state;
        this.events = events;
    }

    String id() {
        return record.id();
    }

    SandboxRecord record() {
        return record;
    }

    Collection<PodContainer> containers() {
        return containers.values();
    }

    Optional<PodContainer> container(String id) {
        return Optional.ofNullable(containers.get(id));
    }

    boolean ready() {
        return record.state() == SandboxRecord.State.READY;
    }

    /** The running machine; a failed precondition when there is none. */
    VirtualMachine machine() {
        return machine.filter(vm -> ready())
                .orElseThrow(
                        () -> Failures.precondition("the sandbox '" + id() + "' does not run"));
    }

    GuestAgent agent() {
        return machine().agent();
    }

    void set(SandboxRecord.State next) {
        SandboxRecord changed = record.with(next);
        state.save(changed);
        record = changed;
    }

    void set(PodSandboxConfig config) {
        SandboxRecord changed = record.with(config);
        state.save(changed);
        record = changed;
    }

    private static void keep(Runnable saving) {
        try {
            saving.run();
        } catch (UncheckedIOException e) {
            LOG.warn("not kept beyond this run of the program: {}", e.getMessage());
        }
    }

    /** The machine is off. */
    void over() {
        SandboxRecord changed = record.with(SandboxRecord.State.NOT_READY);
        keep(() -> state.save(changed));
        record = changed;
    }

    /** The container has started or ended. */
    void note(PodContainer container, ContainerRecord changed) {
        keep(() -> state.save(changed));
        container.set(changed);
    }

    /** Whether the machine stands still until the node's disk has room again. */
    boolean waitsForSpace() {
        return waitsForSpace;
    }

    void waitsForSpace(boolean waits) {
        if (waits == waitsForSpace) {
            return;
        }
        waitsForSpace = waits;
        LOG.warn(
                "the machine of sandbox {} {}",
                id(),
                waits ? "stands still: the node's disk is full" : "goes on");
        tell(ContainerEventType.CONTAINER_STARTED_EVENT, id()); // so that it is looked at
    }

    void add(PodContainer container) {
        containers.put(container.id(), container);
    }

    void forget(PodContainer container) {
        state.delete(container.record());
        containers.remove(container.id());
        container.ended().complete(container.record());
        container.output().end();
    }

    void save(PodContainer container, ContainerRecord changed) {
        state.save(changed);
        container.set(changed);
    }

    void tell(ContainerEventType type, String id) {
        events.publish(type, id, this);
    }

    /** From now on the sandbox follows this machine: its end and that of its containers. */
    void follow(VirtualMachine vm) {
        machine = Optional.of(vm);
        GuestAgent agent = vm.agent();
        agent.onContainerExit(status ->
                container(status.id()).ifPresent(container -> exited(agent, container, status)));
        vm.onExit(this::machineEnded);
    }

    /** Before the program ends and leaves the machine running. */
    void release() {
        released = true;
        containers.values().forEach(container -> container.output().close());
    }

    /** On a thread of its own, as the output may still be coming, and the lock may be taken. */
    private void exited(GuestAgent agent, PodContainer container, ContainerStatus status) {
        Thread.ofVirtual()
                .name("exit " + container.id())
                .start(() -> {
                    try {
                        container.output().awaitEnd(LAST_OUTPUT);
                        ended(container, status, lastWords(agent, container));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /** The termination message; a guest that has gone meanwhile keeps it to itself. */
    private static String lastWords(GuestAgent agent, PodContainer container) {
        if (!container
                .record()
                .config()
                .containsAnnotations(Annotations.TERMINATION_MESSAGE_PATH)) {
            return "";
        }
        try {
            return new String(agent.lastWords(container.id()), StandardCharsets.UTF_8);
        } catch (AgentException e) {
            LOG.debug("no termination message of {}: {}", container.id(), e.getMessage());
            return "";
        }
    }

    /** Notes what the guest says of a container's end; nothing when it is known already. */
    private void ended(PodContainer container, ContainerStatus status, String message) {
        ContainerStatus.Exit exit =
                status.exit().orElseThrow(() -> new IllegalArgumentException("it has not ended"));
        String reason = exit.oomKilled() ? "OOMKilled" : exit.code() == 0 ? "Completed" : "Error";
        long started = status.startedAt().map(Times::nanos).orElse(0L);
        ended(
                container,
                new Outcome(Times.nanos(exit.at()), exit.code(), reason, message),
                started);
    }

    void ended(PodContainer container, Outcome outcome, long startedAt) {
        lock.lock();
        try {
            ContainerRecord before = container.record();
            if (released || before.exited() || !containers.containsKey(container.id())) {
                return;
            }
            ContainerRecord after =
                    before.startedAt() == 0 && startedAt != 0 ? before.started(startedAt) : before;
            // The guest's clock may be some milliseconds behind: nothing ends before it starts.
            long at = Math.max(outcome.finishedAt(), after.startedAt());
            note(
                    container,
                    after.ended(
                            new Outcome(
                                    at, outcome.exitCode(), outcome.reason(), outcome.message())));
        } finally {
            lock.unlock();
        }
        container.output().close();
        tell(ContainerEventType.CONTAINER_STOPPED_EVENT, container.id());
    }

    /**
     * Ends a machine that does not answer. Without the lock, which may be held by a call that waits
     * for that very answer.
     */
    void endHung(VirtualMachine vm, String why) {
        LOG.warn("the machine of sandbox {} is ended: {}", id(), why);
        verdict = why;
        vm.kill();
    }

    /** The machine to watch; empty when none runs. */
    Optional<VirtualMachine> watched() {
        return ready() && !released ? machine : Optional.empty();
    }

    private void machineEnded() {
        if (released) {
            return;
        }
        lock.lock();
        try {
            if (!ready()) {
                return;
            }
            LOG.warn("the machine of sandbox {} has ended", id());
            over();
        } finally {
            lock.unlock();
        }
        String hung = verdict;
        if (hung.isEmpty()) {
            machineGone("VMDied", "the virtual machine of the sandbox has ended");
        } else {
            machineGone("VMHung", hung);
        }
        tell(ContainerEventType.CONTAINER_STOPPED_EVENT, id());
    }

    /** Notes the end of all containers that had not ended by themselves. */
    void machineGone(String reason, String message) {
        machine = Optional.empty();
        long now = Times.nanos(Instant.now());
        for (PodContainer container : containers.values()) {
            ended(container, new Outcome(now, KILLED, reason, message), 0);
            container.output().end();
        }
    }

    /** Brings the records in line with a guest that went on while nobody listened. */
    void reconcile(GuestAgent agent) {
        Map<String, ContainerStatus> statuses = new ConcurrentHashMap<>();
        agent.containers().forEach(status -> statuses.put(status.id(), status));
        for (PodContainer container : containers.values()) {
            ContainerStatus status = statuses.remove(container.id());
            if (container.record().exited()) {
                continue;
            }
            if (status == null) {
                lost(container);
                continue;
            }
            if (status.startedAt().isPresent() && container.record().startedAt() == 0) {
                long at = Times.nanos(status.startedAt().get());
                note(container, container.record().started(at));
            }
            agent.output(container.id(), container.output());
            if (status.exit().isPresent()) {
                exited(
                        agent, container,
                        status); // told once, perhaps to a program that died over it
            }
        }
        for (String unknown : statuses.keySet()) {
            if (container(unknown).isEmpty()) {
                remove(agent, unknown);
            }
        }
    }

    private void lost(PodContainer container) {
        if (container.record().startedAt() == 0) {
            forget(container); // the program died while making it: nobody knows its id
        } else {
            long now = Times.nanos(Instant.now());
            ended(
                    container,
                    new Outcome(now, KILLED, "ContainerLost", "the guest does not know it"),
                    0);
        }
    }

    /** Removes a container from the guest; nothing when there is none. */
    static void remove(GuestAgent agent, String container) {
        try {
            agent.remove(container);
        } catch (AgentException e) {
            if (e.reason() != AgentException.Reason.NOT_FOUND
                    && e.reason() != AgentException.Reason.LOST) {
                throw e;
            }
        }
    }
}
