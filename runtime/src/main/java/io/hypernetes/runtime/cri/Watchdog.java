package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds machines whose guest has stopped to answer although they have not ended: a kernel that
 * hangs, an agent that spins, a stopped QEMU. Every guest is asked now and then, which also sets
 * its clock. One that is silent for too long is ended, so that its pod starts again by its policy;
 * one whose process is stopped, after a third of that time. One that QEMU has stopped because the
 * node's disk is full is asked to try again, as long as it takes. Two virtual threads, and one for
 * each question under way.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** How soon a machine that waits for space tries again. */
    private static final Duration SPACE = Duration.ofSeconds(2);

    private final Sandboxes sandboxes;
    private final Duration patience;
    private final Thread thread;
    private final Thread spaceThread;

    /** By sandbox: when it was asked first of the questions that had no answer; nanoseconds. */
    private final Map<String, Long> silent = new ConcurrentHashMap<>();

    Watchdog(Sandboxes sandboxes, Duration patience) {
        this.sandboxes = sandboxes;
        this.patience = patience;
        this.thread = Thread.ofVirtual().name("watchdog").unstarted(this::run);
        this.spaceThread = Thread.ofVirtual().name("space").unstarted(this::followSpace);
    }

    void start() {
        thread.start();
        spaceThread.start();
    }

    private void followSpace() {
        try {
            while (true) {
                Thread.sleep(SPACE);
                sandboxes.list().forEach(Watchdog::lookForSpace);
            }
        } catch (InterruptedException _) {
            LOG.debug("nobody is let go on any more");
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(patience.dividedBy(9));
                sandboxes.list().forEach(this::look);
                silent.keySet().removeIf(id -> sandboxes.find(id).isEmpty());
            }
        } catch (InterruptedException _) {
            LOG.debug("the watchdog ends");
        }
    }

    private void look(Sandbox sandbox) {
        VirtualMachine vm = sandbox.watched().orElse(null);
        if (vm == null || sandbox.waitsForSpace()) {
            silent.remove(sandbox.id());
            return;
        }
        Long since = silent.get(sandbox.id());
        if (since == null) {
            silent.put(sandbox.id(), System.nanoTime());
            Thread.ofVirtual().name("ask " + sandbox.id()).start(() -> ask(sandbox, vm));
            return;
        }
        Duration quiet = Duration.ofNanos(System.nanoTime() - since);
        boolean stopped = vm.stopped();
        if (quiet.compareTo(stopped ? patience.dividedBy(3) : patience) >= 0) {
            silent.remove(sandbox.id());
            String why =
                    (stopped
                                    ? "the process of the virtual machine was stopped"
                                    : "the guest did not answer")
                            + " for "
                            + quiet.toSeconds()
                            + " s";
            Thread.ofVirtual().name("end " + sandbox.id()).start(() -> sandbox.endHung(vm, why));
        }
    }

    /** A machine that was asked to try again and has not stopped since goes on. */
    private static void lookForSpace(Sandbox sandbox) {
        VirtualMachine vm = sandbox.watched().orElse(null);
        if (vm == null || (!vm.outOfSpace() && !sandbox.waitsForSpace())) {
            return;
        }
        sandbox.waitsForSpace(vm.outOfSpace());
        if (vm.outOfSpace()) {
            try {
                vm.retry();
            } catch (VmException e) {
                LOG.debug("{} is not tried again: {}", sandbox.id(), e.getMessage());
            }
        }
    }

    private void ask(Sandbox sandbox, VirtualMachine vm) {
        try {
            vm.agent().ping(patience);
            silent.remove(sandbox.id());
        } catch (AgentException e) {
            LOG.debug("the guest of {} has not answered: {}", sandbox.id(), e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        spaceThread.interrupt();
    }
}
