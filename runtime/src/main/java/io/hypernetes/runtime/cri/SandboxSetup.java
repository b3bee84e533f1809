package io.hypernetes.runtime.cri;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxNic;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.v1.DNSConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestNetwork;
import io.hypernetes.runtime.image.Digest;
import io.hypernetes.runtime.image.ImageException;
import io.hypernetes.runtime.image.ImageHolder;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.StoredImage;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.NicSpec;
import io.hypernetes.runtime.vm.VmSpec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the configuration of a sandbox into a machine and what its guest must be told. */
final class SandboxSetup {

    /** Its first line is what tells that the file is not the image's own. */
    private static final String HOSTS =
            """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost
            """;

    private static final long MIB = 1L << 20;
    private static final int DEFAULT_MEMORY_MIB = 128;
    private static final int MAX_CPUS = 64;

    /** Slots are kept for the volumes and for images that come later. */
    private static final int EARLY_IMAGES = 4;

    private final HostFiles hostFiles;

    SandboxSetup(HostFiles hostFiles) {
        this.hostFiles = hostFiles;
    }

    /** The machine with the images that are known to be needed in it. */
    static VmSpec machine(String id, PodSandboxConfig config, ImageStore images) {
        VmSpec machine = machine(id, config);
        List<DiskSpec> disks = new ArrayList<>(machine.disks());
        String tenant = config.getLabelsOrDefault(Annotations.TENANT, "");
        config.getAnnotationsOrDefault(Annotations.IMAGES, "")
                .lines()
                .flatMap(name -> find(images, tenant, name).stream())
                .map(StoredImage::id)
                .distinct()
                .limit(EARLY_IMAGES)
                .forEach(image -> disks.add(imageDisk(image, images)));
        return new VmSpec(id, machine.memoryMiB(), machine.cpus(), disks, machine.nics());
    }

    /**
     * An image that this sandbox may use; a sandbox without a tenant is the operator's. What is no
     * name of an image is told when its container is made.
     */
    static Optional<StoredImage> find(ImageStore images, String tenant, String name) {
        try {
            return tenant.isEmpty()
                    ? images.find(name)
                    : images.find(new ImageHolder(tenant), name);
        } catch (ImageException _) {
            return Optional.empty();
        }
    }

    /** An image as all who run it have it: one read-only file. */
    static DiskSpec imageDisk(Digest image, ImageStore images) {
        return new DiskSpec(
                "img-" + image.hex().substring(0, 16),
                images.rootfs(image).toAbsolutePath(),
                DiskSpec.Driver.FILE,
                true);
    }

    /** The machine; throws for what a machine can not give. */
    static VmSpec machine(String id, PodSandboxConfig config) {
        refuseHostNamespaces(config);
        Map<String, String> annotations = config.getAnnotationsMap();
        List<DiskSpec> disks = new ArrayList<>();
        List<SandboxVolume> volumes = Annotations.volumes(annotations);
        for (int i = 0; i < volumes.size(); i++) {
            if (volumes.get(i) instanceof SandboxVolume.Raw raw) {
                disks.add(
                        new DiskSpec(
                                diskId(i),
                                Path.of(raw.path()),
                                DiskSpec.Driver.of(raw.driver()),
                                raw.readOnly()));
            }
            if (volumes.get(i) instanceof SandboxVolume.Disk disk) {
                if (!disk.fsType().isEmpty() && !disk.fsType().equals("ext4")) {
                    throw Failures.invalid(
                            "volume '" + disk.name() + "': the file system must be ext4");
                }
                disks.add(
                        new DiskSpec(
                                diskId(i),
                                Path.of(disk.path()),
                                DiskSpec.Driver.of(disk.driver()),
                                disk.readOnly()));
            }
        }
        List<NicSpec> nics =
                Annotations.nic(annotations)
                        .map(nic -> new NicSpec("eth0", nic.tap(), nic.mac(), nic.mtu()))
                        .stream()
                        .toList();
        return new VmSpec(id, memoryMiB(config.getLinux()), cpus(config.getLinux()), disks, nics);
    }

    private static void refuseHostNamespaces(PodSandboxConfig config) {
        NamespaceOption namespaces = config.getLinux().getSecurityContext().getNamespaceOptions();
        if (namespaces.getNetwork() == NamespaceMode.NODE
                || namespaces.getPid() == NamespaceMode.NODE
                || namespaces.getIpc() == NamespaceMode.NODE) {
            throw Failures.invalid(
                    "a sandbox is a virtual machine and can not share the network, processes or IPC"
                            + " of its node (hostNetwork, hostPID, hostIPC)");
        }
        if (config.getPortMappingsList().stream().anyMatch(port -> port.getHostPort() > 0)) {
            throw Failures.invalid("ports of the node (hostPort) can not be given to a sandbox");
        }
    }

    private static int memoryMiB(LinuxPodSandboxConfig linux) {
        long bytes =
                linux.getResources().getMemoryLimitInBytes()
                        + linux.getOverhead().getMemoryLimitInBytes();
        long wanted = bytes == 0 ? DEFAULT_MEMORY_MIB : Math.ceilDiv(bytes, MIB);
        return (int) Math.clamp(wanted, VmSpec.MIN_MEMORY_MIB, Integer.MAX_VALUE);
    }

    private static int cpus(LinuxPodSandboxConfig linux) {
        LinuxContainerResources resources = linux.getResources();
        if (resources.getCpuQuota() <= 0 || resources.getCpuPeriod() <= 0) {
            return 1;
        }
        return (int)
                Math.clamp(
                        Math.ceilDiv(resources.getCpuQuota(), resources.getCpuPeriod()),
                        1,
                        MAX_CPUS);
    }

    /** Tells a new guest its name, its address and its volumes. */
    void configure(GuestAgent agent, PodSandboxConfig config) {
        agent.configure(network(config));
        if (config.getLinux().getSysctlsCount() > 0) {
            agent.setSysctls(config.getLinux().getSysctlsMap());
        }
        List<SandboxVolume> volumes = Annotations.volumes(config.getAnnotationsMap());
        for (int i = 0; i < volumes.size(); i++) {
            switch (volumes.get(i)) {
                case SandboxVolume.Disk disk ->
                        agent.mountDiskVolume(
                                disk.name(), diskId(i), disk.readOnly(), disk.fsGroup());
                case SandboxVolume.Raw raw -> agent.offerRawVolume(raw.name(), diskId(i));
                case SandboxVolume.EmptyDir dir ->
                        agent.createMemoryVolume(dir.name(), dir.sizeBytes(), dir.fsGroup());
                case SandboxVolume.Files files ->
                        agent.writeFiles(
                                files.name(),
                                files.hostDirectory().isEmpty()
                                        ? List.of()
                                        : hostFiles.read(files.hostDirectory()),
                                files.fsGroup());
            }
        }
    }

    /** The serial number of a volume's disk: its place in the list, as names may be longer. */
    private static String diskId(int place) {
        return "vol-" + place;
    }

    private static GuestNetwork network(PodSandboxConfig config) {
        Optional<SandboxNic> nic = Annotations.nic(config.getAnnotationsMap());
        return new GuestNetwork(
                hostname(config),
                nic.map(SandboxNic::mac).orElse(""),
                nic.map(SandboxNic::addresses).orElse(List.of()),
                nic.map(SandboxNic::mtu).orElse(0),
                resolvConf(config.getDnsConfig()),
                hosts(config, nic));
    }

    static String hostname(PodSandboxConfig config) {
        return config.getHostname().isEmpty()
                ? config.getMetadata().getName()
                : config.getHostname();
    }

    private static List<String> resolvConf(DNSConfig dns) {
        List<String> lines = new ArrayList<>();
        dns.getServersList().forEach(server -> lines.add("nameserver " + server));
        if (dns.getSearchesCount() > 0) {
            lines.add("search " + String.join(" ", dns.getSearchesList()));
        }
        if (dns.getOptionsCount() > 0) {
            lines.add("options " + String.join(" ", dns.getOptionsList()));
        }
        return lines;
    }

    private static String hosts(PodSandboxConfig config, Optional<SandboxNic> nic) {
        StringBuilder hosts = new StringBuilder(HOSTS);
        String more = config.getAnnotationsMap().getOrDefault(Annotations.HOSTS, "");
        // Who is told a longer name of itself knows the short one from there.
        for (String own : nic.map(SandboxNic::ips).orElse(List.of())) {
            if (more.lines().noneMatch(line -> line.startsWith(own + "\t"))) {
                hosts.append(own).append('\t').append(hostname(config)).append('\n');
            }
        }
        hosts.append(more);
        return more.isEmpty() || more.endsWith("\n") ? hosts.toString() : hosts + "\n";
    }
}
