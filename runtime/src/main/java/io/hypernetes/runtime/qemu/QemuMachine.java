package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.RemoteAgent;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.NicSpec;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;

import java.time.Duration;
import java.util.List;

/** A machine that runs, with its monitor and its agent connected. */
final class QemuMachine implements VirtualMachine {

    /** Something that may be interrupted while it waits. */
    private interface Waiting {
        void run() throws InterruptedException;
    }

    private static final Duration RESUME = Duration.ofSeconds(30);

    private final String id;
    private final QemuProcess process;
    private final Qmp qmp;
    private final Devices devices;
    private final Growth growth;
    private final RemoteAgent agent;

    QemuMachine(String id, QemuProcess process, Qmp qmp, Devices devices, RemoteAgent agent) {
        this.id = id;
        this.process = process;
        this.qmp = qmp;
        this.devices = devices;
        this.growth = new Growth(qmp);
        this.agent = agent;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public GuestAgent agent() {
        return agent;
    }

    @Override
    public void plugDisk(DiskSpec disk) {
        devices.plug(disk);
    }

    @Override
    public void unplugDisk(String diskId) {
        interruptibly(() -> devices.unplugDisk(diskId));
    }

    @Override
    public void plugNic(NicSpec nic) {
        devices.plug(nic);
    }

    @Override
    public void unplugNic(String nicId) {
        interruptibly(() -> devices.unplugNic(nicId));
    }

    @Override
    public List<String> disks() {
        return devices.disks();
    }

    @Override
    public int freeSlots() {
        return devices.free();
    }

    @Override
    public void grow(int memoryMiB, int processors) {
        int before = growth.memoryMiB();
        long used = agent.stats().memoryTotalBytes();
        growth.grow(memoryMiB, processors);
        long more = (long) (growth.memoryMiB() - before) << 20;
        agent.grow(processors, used + more);
    }

    @Override
    public void pause() {
        qmp.execute("stop");
    }

    @Override
    public void resume() {
        qmp.execute("cont");
        agent.ping(RESUME);
    }

    /** QEMU's {@code werror=enospc}, the default of a disk; the guest sees no error. */
    @Override
    public boolean outOfSpace() {
        return qmp.outOfSpace();
    }

    @Override
    public void retry() {
        qmp.forgetOutOfSpace();
        qmp.execute("cont");
    }

    @Override
    public void leaveBackground() {
        interruptibly(() -> Niceness.asOurs(process.handle().pid()));
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public boolean stopped() {
        return process.stopped();
    }

    @Override
    public void kill() {
        interruptibly(process::kill);
        close();
        Directories.delete(process.directory());
    }

    @Override
    public void onExit(Runnable action) {
        process.handle()
                .onExit()
                .thenRun(() -> Thread.ofVirtual().name("end of " + id).start(action));
    }

    /** Lets go of it; it keeps running. */
    void close() {
        agent.close();
        qmp.close();
    }

    private static void interruptibly(Waiting waiting) {
        try {
            waiting.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("interrupted while waiting for a machine", e);
        }
    }
}
