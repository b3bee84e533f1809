package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.volume.Attachment;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes what a pod's {@code spec.volumes} asks for ready on this machine. */
final class PodVolumes {

    private static final String FAILED = "FailedMount";
    private static final long BEYOND = 1L << 20;

    private final Client client;
    private final FileVolumes files;
    private final Map<String, VolumePool> pools;

    /**
     * @param pools by provisioner
     */
    PodVolumes(Client client, FileVolumes files, Map<String, VolumePool> pools) {
        this.client = client;
        this.files = files;
        this.pools = pools;
    }

    /**
     * Attaches disks and reads files. Idempotent.
     *
     * @throws PodConfigException when something is missing, not yet bound, or of a kind that is not
     *     offered
     */
    List<PodVolume> prepare(Tenant tenant, ObjectNode pod, List<String> podIps) {
        List<PodVolume> volumes = new ArrayList<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            volumes.add(prepare(tenant, pod, volume, podIps));
        }
        return volumes;
    }

    private PodVolume prepare(Tenant tenant, ObjectNode pod, JsonNode volume, List<String> podIps) {
        String name = volume.path("name").asString("");
        if (volume.has("emptyDir")) {
            return new PodVolume.EmptyDir(name, room(volume.get("emptyDir")));
        }
        if (volume.has("persistentVolumeClaim")) {
            JsonNode reference = volume.get("persistentVolumeClaim");
            String claim = reference.path("claimName").asString("");
            boolean readOnly = reference.path("readOnly").asBoolean(false);
            return disk(tenant, pod, name, claim(tenant, pod, claim), readOnly);
        }
        if (volume.has("ephemeral")) {
            ObjectNode claim = claim(tenant, pod, Metadata.name(pod) + "-" + name);
            requireMadeFor(pod, claim);
            return disk(tenant, pod, name, claim, false);
        }
        if (volume.has("image")) {
            return new PodVolume.Image(name);
        }
        if (volume.has("hostPath")) {
            JsonNode source = volume.get("hostPath");
            return new PodVolume.HostPath(
                    name, source.path("path").asString(""), source.path("type").asString(""));
        }
        return files.of(tenant, pod, volume, podIps)
                .<PodVolume>map(list -> new PodVolume.Files(name, list))
                .orElseThrow(() -> notOffered(name));
    }

    /** For a volume of another kind than a virtual machine can have. */
    static PodConfigException notOffered(String name) {
        return new PodConfigException(
                FAILED,
                "volume \""
                        + name
                        + "\" is of a type that is not offered here: use emptyDir, configMap,"
                        + " secret, downwardAPI, projected, image, ephemeral or"
                        + " persistentVolumeClaim");
    }

    /**
     * Memory ends at its limit, as upstream's. Other space ends a little beyond it: who goes too
     * far is seen to, and evicted ({@link StorageLimits}), and meanwhile cannot fill its machine.
     */
    private static long room(JsonNode emptyDir) {
        String limit = emptyDir.path("sizeLimit").asString("");
        long bytes = limit.isEmpty() ? 0 : Quantity.parse(limit).value();
        boolean memory = emptyDir.path("medium").asString("").equals("Memory");
        return memory || bytes == 0 ? bytes : bytes + bytes / 8 + BEYOND;
    }

    private ObjectNode claim(Tenant tenant, ObjectNode pod, String name) {
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(pod), name);
        return client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key)
                .orElseThrow(() ->
                        new PodConfigException(
                                FAILED, "persistentvolumeclaim \"" + name + "\" not found"));
    }

    /**
     * The claim of a generic ephemeral volume (KEP-1698) is its pod's, not one of the same name.
     */
    private static void requireMadeFor(ObjectNode pod, ObjectNode claim) {
        for (JsonNode owner : claim.path("metadata").path("ownerReferences")) {
            if (owner.path("uid").asString("").equals(Metadata.uid(pod))
                    && owner.path("controller").asBoolean(false)) {
                return;
            }
        }
        throw new PodConfigException(
                FAILED,
                "PVC %s/%s was not created for pod %s/%s (pod is not owner)"
                        .formatted(
                                Metadata.namespace(claim),
                                Metadata.name(claim),
                                Metadata.namespace(pod),
                                Metadata.name(pod)));
    }

    private PodVolume disk(
            Tenant tenant, ObjectNode pod, String name, ObjectNode claim, boolean readOnly) {
        String claimName = Metadata.name(claim);
        String volumeName = claim.path("spec").path("volumeName").asString("");
        if (!claim.path("status").path("phase").asString("").equals("Bound")) {
            throw new PodConfigException(
                    FAILED, "persistentvolumeclaim \"" + claimName + "\" is not bound yet");
        }
        ObjectNode volume =
                client.get(BuiltinTypes.PERSISTENT_VOLUMES, new ObjectKey(tenant, "", volumeName));
        JsonNode source = volume.path("spec").path("csi");
        String provisioner = source.path("driver").asString("");
        VolumePool pool = pools.get(provisioner);
        if (pool == null) {
            throw new PodConfigException(
                    FAILED,
                    "no pool of provisioner \""
                            + provisioner
                            + "\" on this node for "
                            + volumeName);
        }
        String id = source.path("volumeHandle").asString("");
        requireOwned(pool, id, tenant, volumeName);
        boolean raw = volume.path("spec").path("volumeMode").asString("").equals("Block");
        requireUse(pod, name, raw);
        Attachment attachment = pool.attach(id, Metadata.uid(pod));
        return raw
                ? new PodVolume.Raw(name, attachment, readOnly)
                : new PodVolume.Disk(
                        name, attachment, source.path("fsType").asString("ext4"), readOnly);
    }

    /** A raw device is no folder, and the other way round; in upstream's words. */
    private static void requireUse(ObjectNode pod, String name, boolean raw) {
        String wrong = raw ? "volumeMounts" : "volumeDevices";
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                if (container
                        .path(wrong)
                        .valueStream()
                        .anyMatch(use -> use.path("name").asString("").equals(name))) {
                    throw new PodConfigException(
                            FAILED,
                            "volume %s has volumeMode %s, but is specified in %s"
                                    .formatted(name, raw ? "Block" : "Filesystem", wrong));
                }
            }
        }
    }

    /**
     * A PersistentVolume is the tenant's to write; what its handle names must be the tenant's too.
     */
    private static void requireOwned(VolumePool pool, String id, Tenant tenant, String volumeName) {
        if (pool.volume(id).filter(known -> known.tenant().equals(tenant.name())).isEmpty()) {
            throw new PodConfigException(
                    FAILED, "the volume behind persistentvolume \"" + volumeName + "\" is gone");
        }
    }

    /** Gives back every disk that this pod's sandbox had, whatever its spec says now. */
    void release(String podUid) {
        for (VolumePool pool : pools.values()) {
            pool.attachments()
                    .forEach((volume, holder) -> {
                        if (holder.equals(podUid)) {
                            pool.detach(volume, podUid);
                        }
                    });
        }
    }

    /** The uids of the pods whose sandboxes hold disks. */
    Set<String> holders() {
        Set<String> holders = new HashSet<>();
        pools.values().forEach(pool -> holders.addAll(pool.attachments().values()));
        return holders;
    }
}
