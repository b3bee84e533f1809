package io.hypernetes.api.types.core;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Paths;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Rules for the spec of a PersistentVolume: how much it has, for whom, and where its data is. */
final class PersistentVolumeRules {

    private static final List<String> RECLAIM_POLICIES = List.of("Delete", "Recycle", "Retain");

    /** In the order in which upstream looks at them. */
    private static final List<String> SOURCES =
            List.of(
                    "hostPath",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "glusterfs",
                    "flocker",
                    "nfs",
                    "rbd",
                    "quobyte",
                    "cephfs",
                    "iscsi",
                    "cinder",
                    "fc",
                    "flexVolume",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "scaleIO",
                    "local",
                    "storageos",
                    "csi");

    private PersistentVolumeRules() {}

    static void check(Field spec) {
        VolumeClaimRules.accessModes(spec.at("accessModes"), "");
        capacity(spec.at("capacity"));
        spec.at("persistentVolumeReclaimPolicy").ifGiven().oneOf(RECLAIM_POLICIES);
        Field affinity = spec.at("nodeAffinity");
        if (affinity.at("required").isSet()) {
            AffinityRules.nodeSelector(affinity.at("required"));
        } else if (affinity.isSet()) {
            affinity.at("required").tellRequired("must specify required node constraints");
        }
        sources(spec);
        spec.at("storageClassName").ifGiven().form(Names::dnsSubdomain);
        spec.at("volumeMode").ifSet().oneOf("Block", "Filesystem");
        Field attributes = spec.at("volumeAttributesClassName");
        if (attributes.isSet()) {
            attributes
                    .required("an empty string is disallowed")
                    .ifGiven()
                    .form(Names::dnsSubdomain);
            if (!spec.at("csi").isSet()) {
                spec.at("csi")
                        .tellRequired("has to be specified when using volumeAttributesClassName");
            }
        }
    }

    private static void capacity(Field capacity) {
        capacity.required();
        if (!capacity.at("storage").isSet() || capacity.keys().size() > 1) {
            capacity.notSupportedMap(List.of("storage"));
        }
        for (String name : capacity.keys()) {
            Field amount = capacity.key(name);
            var quantity = Resources.parse(amount.value());
            if (quantity != null && quantity.signum() < 0) {
                amount.invalid(quantity.value(), "must be a valid resource quantity");
            }
            VolumeClaimRules.positive(amount);
        }
    }

    private static void sources(Field spec) {
        List<String> given = SOURCES.stream().filter(type -> spec.at(type).isSet()).toList();
        if (given.isEmpty()) {
            spec.tellRequired("must specify a volume type");
            return;
        }
        String type = given.getFirst();
        source(type, spec.at(type));
        if (type.equals("local") && !spec.at("nodeAffinity", "required").isSet()) {
            spec.at("nodeAffinity").tellRequired("Local volume requires node affinity");
        }
        for (String extra : given.subList(1, given.size())) {
            if (extra.equals("flexVolume")) {
                // Upstream forgot it there: such volumes exist.
                source(extra, spec.at(extra));
                continue;
            }
            // Upstream misspells one path, and people search for what it prints.
            spec.at(extra.equals("cephfs") ? "cephFS" : extra)
                    .forbidden("may not specify more than 1 volume type");
        }
        if (spec.at("persistentVolumeReclaimPolicy").is("Recycle")
                && Paths.isRoot(spec.at("hostPath", "path").text())) {
            spec.at("persistentVolumeReclaimPolicy")
                    .forbidden("may not be 'recycle' for a hostPath mount of '/'");
        }
    }

    private static void source(String type, Field source) {
        switch (type) {
            case "local" -> Paths.noBacksteps(source.at("path").required().ifGiven());
            case "csi" -> csi(source);
            case "azureFile" -> {
                source.at("secretName").required();
                source.at("shareName").required();
                Field namespace = source.at("secretNamespace");
                if (namespace.isSet() && !namespace.isGiven()) {
                    namespace.tellRequired("");
                }
            }
            case "glusterfs" -> {
                source.at("endpoints").required();
                source.at("path").required();
                Field namespace = source.at("endpointsNamespace");
                if (namespace.isSet()) {
                    if (namespace.isGiven()) {
                        namespace.form(Names::dnsLabel);
                    } else {
                        namespace.invalid(
                                "if the endpointnamespace is set, it must be a valid namespace"
                                        + " name");
                    }
                }
            }
            case "quobyte" -> {
                source.at("registry")
                        .required("must be a host:port pair or multiple pairs separated by commas");
                source.at("volume").required();
            }
            case "storageos" -> {
                source.at("volumeName").required().ifGiven().form(Names::dnsLabel);
                source.at("volumeNamespace").ifGiven().form(Names::dnsLabel);
                Field secret = source.at("secretRef");
                if (secret.isSet()) {
                    secret.at("name").required();
                    secret.at("namespace").required();
                }
            }
            case "cinder" -> {
                source.at("volumeID").required();
                Field secret = source.at("secretRef");
                if (secret.isSet()) {
                    secret.at("name").required();
                    secret.at("namespace").required();
                }
            }
            default -> VolumeSourceRules.check(type, source, false);
        }
    }

    private static void csi(Field source) {
        VolumeClaimRules.driverName(source.at("driver"));
        source.at("volumeHandle").required();
        for (String name :
                List.of(
                        "controllerPublishSecretRef",
                        "controllerExpandSecretRef",
                        "nodePublishSecretRef",
                        "nodeExpandSecretRef")) {
            Field secret = source.at(name);
            if (secret.isSet()) {
                secret.at("name").required().ifGiven().form(Names::dnsSubdomain);
                secret.at("namespace").required().ifGiven().form(Names::dnsLabel);
            }
        }
    }

    static void changes(Field spec, Field old) {
        ObjectNode now = source(spec);
        ObjectNode before = source(old);
        // The one part of a source that may come later: what grows the volume may need a secret.
        if (now.get("csi") instanceof ObjectNode csi
                && before.path("csi").isObject()
                && !before.path("csi").has("controllerExpandSecretRef")) {
            csi.remove("controllerExpandSecretRef");
        }
        if (!Json.same(now, before)) {
            spec.named("spec.persistentvolumesource")
                    .forbidden("spec.persistentvolumesource is immutable after creation");
        }
        spec.at("volumeMode").named("volumeMode").immutable(old.at("volumeMode"));
        if (old.at("nodeAffinity").isSet()) {
            spec.at("nodeAffinity").named("nodeAffinity").immutable(old.at("nodeAffinity"));
        }
        if (old.at("volumeAttributesClassName").isSet()
                && !spec.at("volumeAttributesClassName").isSet()) {
            spec.at("volumeAttributesClassName")
                    .forbidden("update from non-nil value to nil is forbidden");
        }
    }

    private static ObjectNode source(Field spec) {
        ObjectNode source = Json.object();
        for (String type : SOURCES) {
            if (spec.at(type).isSet()) {
                source.set(type, spec.at(type).value().deepCopy());
            }
        }
        return source;
    }
}
