package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.NicSpec;
import io.hypernetes.runtime.vm.VmException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The hot-plugged devices of a machine. Which slot a device has is written in its id ({@code
 * disk-SLOT-ID}, {@code nic-SLOT-ID}), so that QEMU itself is the record and an adopted machine is
 * known at once. All methods are guarded by this.
 */
final class Devices {

    /** The guest is asked to let go; QEMU tells when it has. */
    private static final Duration UNPLUG = Duration.ofSeconds(20);

    private final Qmp qmp;

    /** Device ids by slot. */
    private final Map<Integer, String> slots = new TreeMap<>();

    Devices(Qmp qmp) {
        this.qmp = qmp;
    }

    /** Learns what is plugged in. */
    synchronized void read() {
        slots.clear();
        ObjectNode path = Qmp.arguments().put("path", "/machine/peripheral");
        for (JsonNode child : qmp.execute("qom-list", path)) {
            String name = child.path("name").asString("");
            String[] parts = name.split("-", 3);
            if (parts.length == 3 && (parts[0].equals("disk") || parts[0].equals("nic"))) {
                slots.put(Integer.parseInt(parts[1]), name);
            }
        }
    }

    synchronized List<String> disks() {
        return slots.values().stream()
                .filter(id -> id.startsWith("disk-"))
                .map(id -> id.split("-", 3)[2])
                .toList();
    }

    synchronized int free() {
        return QemuCommand.SLOTS - slots.size();
    }

    synchronized void plug(DiskSpec disk) {
        if (find("disk", disk.id()).isPresent()) {
            throw new VmException("disk " + disk.id() + " is plugged in already");
        }
        int slot = freeSlot();
        String device = "disk-" + slot + "-" + disk.id();
        String node = "node-" + disk.id();
        qmp.execute("blockdev-add", blockNode(node, disk));
        try {
            qmp.execute(
                    "device_add",
                    Qmp.arguments()
                            .put("driver", "virtio-blk-pci")
                            .put("id", device)
                            .put("drive", node)
                            .put("serial", disk.id())
                            .put("bus", "rp" + slot));
        } catch (VmException e) {
            qmp.execute("blockdev-del", Qmp.arguments().put("node-name", node));
            throw e;
        }
        slots.put(slot, device);
    }

    private static ObjectNode blockNode(String node, DiskSpec disk) {
        ObjectNode raw =
                Qmp.arguments()
                        .put("driver", "raw")
                        .put("node-name", node)
                        .put("read-only", disk.readOnly())
                        .put("discard", "unmap");
        raw.putObject("file")
                .put("driver", disk.driver().word())
                .put("filename", disk.path().toString())
                .put("read-only", disk.readOnly())
                .put("discard", "unmap");
        return raw;
    }

    synchronized void unplugDisk(String id) throws InterruptedException {
        Optional<Integer> slot = find("disk", id);
        if (slot.isPresent()) {
            unplug(slot.get(), "disk-" + slot.get() + "-" + id);
            qmp.execute("blockdev-del", Qmp.arguments().put("node-name", "node-" + id));
        }
    }

    synchronized void plug(NicSpec nic) {
        if (nic.id().equals(QemuCommand.FIRST_NIC)) {
            connect(nic);
            return;
        }
        if (find("nic", nic.id()).isPresent()) {
            throw new VmException("NIC " + nic.id() + " is plugged in already");
        }
        int slot = freeSlot();
        String net = tap(nic);
        String device = "nic-" + slot + "-" + nic.id();
        ObjectNode arguments =
                Qmp.arguments()
                        .put("driver", "virtio-net-pci")
                        .put("id", device)
                        .put("netdev", net)
                        .put("mac", nic.mac())
                        .put("romfile", "")
                        .put("bus", "rp" + slot)
                        .put("host_mtu", nic.mtu());
        for (String feature : QemuCommand.OFFLOADS) {
            arguments.put(feature, false);
        }
        try {
            qmp.execute("device_add", arguments);
        } catch (VmException e) {
            qmp.execute("netdev_del", Qmp.arguments().put("id", net));
            throw e;
        }
        slots.put(slot, device);
    }

    private String tap(NicSpec nic) {
        String net = "net-" + nic.id();
        qmp.execute(
                "netdev_add",
                Qmp.arguments()
                        .put("type", "tap")
                        .put("id", net)
                        .put("ifname", nic.tap())
                        .put("script", "no")
                        .put("downscript", "no")
                        .put("vhost", false));
        return net;
    }

    /** The NIC that is there: its TAP becomes the other port of its hub. */
    private void connect(NicSpec nic) {
        String net = tap(nic);
        try {
            qmp.execute(
                    "netdev_add",
                    Qmp.arguments()
                            .put("type", "hubport")
                            .put("id", "port-" + nic.id())
                            .put("hubid", 0)
                            .put("netdev", net));
        } catch (VmException e) {
            qmp.execute("netdev_del", Qmp.arguments().put("id", net));
            throw e;
        }
    }

    synchronized void unplugNic(String id) throws InterruptedException {
        Optional<Integer> slot = find("nic", id);
        if (slot.isPresent()) {
            unplug(slot.get(), "nic-" + slot.get() + "-" + id);
            qmp.execute("netdev_del", Qmp.arguments().put("id", "net-" + id));
        }
    }

    private void unplug(int slot, String device) throws InterruptedException {
        qmp.execute("device_del", Qmp.arguments().put("id", device));
        if (!qmp.awaitDeleted(device, UNPLUG)) {
            throw new VmException("the guest does not let go of " + device + " in " + UNPLUG);
        }
        slots.remove(slot);
    }

    private Optional<Integer> find(String kind, String id) {
        return slots.entrySet().stream()
                .filter(e -> e.getValue().equals(kind + "-" + e.getKey() + "-" + id))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private int freeSlot() {
        for (int slot = 0; slot < QemuCommand.SLOTS; slot++) {
            if (!slots.containsKey(slot)) {
                return slot;
            }
        }
        throw new VmException(
                "a machine takes "
                        + QemuCommand.SLOTS
                        + " disks and NICs at most; use fewer images and volumes in the pod");
    }
}
