package io.hypernetes.volume.claims;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings one claim to Bound: its class, a volume from the pool, the PersistentVolume, the claim's
 * spec, the claim's status, each step found again after a crash. A deleted claim waits until what
 * was made for it is cleared away; that pods use it is the storage protection controller's concern.
 */
final class ClaimReconciler implements Reconciler<ObjectKey> {

    private static final Duration LATER = Duration.ofSeconds(10);
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

    /** A volume is a block device of one virtual machine. */
    private static final Set<String> ACCESS_MODES = Set.of("ReadWriteOnce", "ReadWriteOncePod");

    private final Client client;
    private final Places places;
    private final Informer claims;
    private final Informer pods;
    private final EventRecorder events;

    ClaimReconciler(
            Client client, Places places, Informer claims, Informer pods, EventRecorder events) {
        this.client = client;
        this.places = places;
        this.claims = claims;
        this.pods = pods;
        this.events = events;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = claims.get(key);
        if (known.isEmpty()) {
            return DONE;
        }
        ObjectNode claim = known.get().deepCopy();
        if (Metadata.isBeingDeleted(claim)) {
            return release(key, claim);
        }
        return Trees.spec(claim, "volumeName").isEmpty() ? provision(key, claim) : bind(key, claim);
    }

    private Result release(ObjectKey key, ObjectNode claim) {
        if (!Metadata.finalizers(claim).contains(Trees.PROVISIONING)) {
            return DONE;
        }
        dropUnfinished(key, claim);
        Trees.removeFinalizer(claim, Trees.PROVISIONING);
        client.update(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
        return DONE;
    }

    /** A volume that was made for this claim, but never got its PersistentVolume. */
    private void dropUnfinished(ObjectKey key, ObjectNode claim) {
        VolumePool pool = places.poolFor(claim);
        String id = volumeName(claim);
        ObjectKey volume = new ObjectKey(key.tenant(), "", id);
        Optional<Volume> made = pool.volume(id);
        if (made.isPresent()
                && made.get().tenant().equals(key.tenant().name())
                && client.find(BuiltinTypes.PERSISTENT_VOLUMES, volume).isEmpty()) {
            pool.delete(id);
        }
    }

    private static String volumeName(ObjectNode claim) {
        return "pvc-" + Metadata.uid(claim);
    }

    private Result provision(ObjectKey key, ObjectNode claim) {
        Optional<String> className = className(key, claim);
        if (className.isEmpty()) {
            return Reconciler.again(LATER);
        }
        if (className.get().isEmpty()) {
            return DONE; // asks for no dynamic provisioning
        }
        ObjectKey classKey = new ObjectKey(key.tenant(), "", className.get());
        Optional<ObjectNode> found = client.find(BuiltinTypes.STORAGE_CLASSES, classKey);
        if (found.isEmpty()) {
            String message = "storageclass.storage.k8s.io \"" + className.get() + "\" not found";
            events.record(key.tenant(), claim, Type.WARNING, "ProvisioningFailed", message);
            return Reconciler.again(LATER);
        }
        ObjectNode storageClass = found.get();
        if (!storageClass.path("provisioner").asString("").equals(places.pool().provisioner())) {
            return DONE;
        }
        boolean waits = waitsForConsumer(storageClass);
        boolean selected = !Metadata.annotation(claim, Places.SELECTED).isEmpty();
        Optional<ObjectNode> consumer = waits && !selected ? consumer(key) : Optional.empty();
        if (waits && !selected && consumer.isEmpty()) {
            events.record(
                    key.tenant(),
                    claim,
                    Type.NORMAL,
                    "WaitForFirstConsumer",
                    "waiting for first consumer to be created before binding");
            return DONE; // the pod brings the key back
        }
        if (!Metadata.finalizers(claim).contains(Trees.PROVISIONING)) {
            Metadata.ensureFinalizers(claim).add(Trees.PROVISIONING);
            consumer.map(pod -> Trees.spec(pod, "nodeName"))
                    .filter(node -> !node.isEmpty())
                    .ifPresent(
                            node -> Metadata.ensureAnnotations(claim).put(Places.SELECTED, node));
            client.update(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
            return DONE; // comes back with the change
        }
        try {
            create(key, claim, storageClass);
        } catch (VolumeException e) {
            String message =
                    "failed to provision volume with StorageClass \"%s\": %s"
                            .formatted(className.get(), e.getMessage());
            events.record(key.tenant(), claim, Type.WARNING, "ProvisioningFailed", message);
            return Reconciler.again(LATER);
        }
        return DONE;
    }

    /** Empty when the claim leaves it to a default class and there is none (yet). */
    private Optional<String> className(ObjectKey key, ObjectNode claim) {
        JsonNode named = claim.path("spec").path("storageClassName");
        if (named.isString()) {
            return Optional.of(named.stringValue());
        }
        for (TenantObject item :
                client.list(BuiltinTypes.STORAGE_CLASSES, Selection.of(key.tenant())).items()) {
            if (Metadata.annotation(item.object(), DEFAULT_CLASS).equals("true")) {
                String name = Metadata.name(item.object());
                claim.withObject("spec").put("storageClassName", name);
                ObjectNode updated =
                        client.update(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
                claim.setAll(updated);
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean waitsForConsumer(ObjectNode storageClass) {
        return storageClass.path("volumeBindingMode").asString("").equals("WaitForFirstConsumer");
    }

    /** Where volumes are on machines, a pod counts that has been given to one. */
    private Optional<ObjectNode> consumer(ObjectKey claim) {
        return pods.objects(claim.tenant(), claim.namespace()).stream()
                .filter(pod -> Trees.claimsOf(pod).contains(claim.name()))
                .filter(pod ->
                        places.machines().isEmpty() || !Trees.spec(pod, "nodeName").isEmpty())
                .findFirst();
    }

    private void create(ObjectKey key, ObjectNode claim, ObjectNode storageClass) {
        for (JsonNode mode : claim.path("spec").path("accessModes")) {
            if (!ACCESS_MODES.contains(mode.asString(""))) {
                throw new VolumeException(
                        "access mode "
                                + mode.asString("")
                                + " is not supported, only "
                                + String.join(", ", ACCESS_MODES.stream().sorted().toList()));
            }
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        storageClass
                .path("parameters")
                .properties()
                .forEach(p -> parameters.put(p.getKey(), p.getValue().asString("")));
        String name = volumeName(claim);
        String requested =
                claim.path("spec").path("resources").path("requests").path("storage").asString("");
        long bytes = Quantity.parse(requested).value();
        Volume made = places.poolFor(claim).provision(name, key.tenant().name(), bytes, parameters);
        try {
            client.create(
                    BuiltinTypes.PERSISTENT_VOLUMES,
                    key.tenant(),
                    volume(claim, storageClass, made));
            events.record(
                    key.tenant(),
                    claim,
                    Type.NORMAL,
                    "ProvisioningSucceeded",
                    "Successfully provisioned volume " + name);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
        claim.withObject("spec").put("volumeName", name);
        Trees.removeFinalizer(claim, Trees.PROVISIONING);
        Metadata.ensureAnnotations(claim)
                .put(Trees.BIND_COMPLETED, "yes")
                .put(Trees.BOUND_BY_CONTROLLER, "yes")
                .put("volume.kubernetes.io/storage-provisioner", places.pool().provisioner());
        client.update(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
    }

    private ObjectNode volume(ObjectNode claim, ObjectNode storageClass, Volume made) {
        ObjectNode volume = Json.object();
        volume.put("apiVersion", "v1").put("kind", "PersistentVolume");
        ObjectNode metadata = volume.putObject("metadata").put("name", made.id());
        metadata.putObject("annotations").put(Trees.PROVISIONED_BY, places.pool().provisioner());
        metadata.putArray("finalizers").add(Trees.DATA);
        ObjectNode spec = volume.putObject("spec");
        String capacity = Quantity.of(made.bytes(), Quantity.Format.BINARY_SI).toString();
        spec.putObject("capacity").put("storage", capacity);
        spec.set("accessModes", claim.path("spec").path("accessModes").deepCopy());
        spec.put("volumeMode", claim.path("spec").path("volumeMode").asString("Filesystem"));
        spec.put("storageClassName", Metadata.name(storageClass));
        spec.put(
                "persistentVolumeReclaimPolicy",
                storageClass.path("reclaimPolicy").asString("Delete"));
        spec.putObject("csi")
                .put("driver", places.pool().provisioner())
                .put("volumeHandle", made.id());
        places.of(claim).ifPresent(name -> Places.onlyOn(spec, name));
        Trees.reserve(volume, claim);
        return volume;
    }

    private static boolean isRaw(ObjectNode object) {
        return Trees.spec(object, "volumeMode").equals("Block");
    }

    private Result bind(ObjectKey key, ObjectNode claim) {
        ObjectKey volumeKey = new ObjectKey(key.tenant(), "", Trees.spec(claim, "volumeName"));
        Optional<ObjectNode> volume = client.find(BuiltinTypes.PERSISTENT_VOLUMES, volumeKey);
        if (volume.isEmpty()) {
            if (Trees.phase(claim).equals("Bound")) {
                claim.withObject("status").put("phase", "Lost");
                client.updateStatus(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
            }
            return Reconciler.again(LATER);
        }
        if (isRaw(claim) != isRaw(volume.get())) {
            events.record(
                    key.tenant(),
                    claim,
                    Type.WARNING,
                    "VolumeMismatch",
                    "Cannot bind to requested volume \"%s\": incompatible volumeMode"
                            .formatted(volumeKey.name()));
            return Reconciler.again(LATER);
        }
        if (!volume.get().path("spec").has("claimRef")) {
            Trees.reserve(volume.get(), claim);
            client.update(BuiltinTypes.PERSISTENT_VOLUMES, key.tenant(), volume.get());
        } else if (!Trees.isReservedFor(volume.get(), claim)) {
            events.record(
                    key.tenant(),
                    claim,
                    Type.WARNING,
                    "FailedBinding",
                    "volume \"%s\" already bound to a different claim."
                            .formatted(volumeKey.name()));
            return Reconciler.again(LATER);
        }
        ObjectNode status = claim.withObject("status");
        ObjectNode before = status.deepCopy();
        status.put("phase", "Bound");
        status.set("capacity", volume.get().path("spec").path("capacity").deepCopy());
        status.set("accessModes", volume.get().path("spec").path("accessModes").deepCopy());
        if (!Json.same(before, status)) {
            client.updateStatus(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
        }
        return DONE;
    }
}
