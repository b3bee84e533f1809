package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for a pod's volumes: names differ, and each has exactly one source. */
final class VolumeRules {

    /** In the order in which upstream looks at them. */
    private static final List<String> SOURCES =
            List.of(
                    "emptyDir",
                    "hostPath",
                    "gitRepo",
                    "gcePersistentDisk",
                    "awsElasticBlockStore",
                    "secret",
                    "nfs",
                    "iscsi",
                    "glusterfs",
                    "flocker",
                    "persistentVolumeClaim",
                    "rbd",
                    "cinder",
                    "cephfs",
                    "quobyte",
                    "downwardAPI",
                    "fc",
                    "flexVolume",
                    "configMap",
                    "azureFile",
                    "vsphereVolume",
                    "photonPersistentDisk",
                    "portworxVolume",
                    "azureDisk",
                    "storageos",
                    "projected",
                    "scaleIO",
                    "csi",
                    "ephemeral",
                    "image");

    /** As upstream names them when there is another source. */
    private static final Map<String, String> MISSPELLED =
            Map.of("cephfs", "cephFS", "downwardAPI", "downwarAPI");

    private VolumeRules() {}

    /**
     * Returns the good volumes by their names, which mounts refer to.
     *
     * @param podName empty when it is not known
     */
    static Map<String, Field> check(Field volumes, String podName, boolean isPod) {
        Map<String, Field> good = new LinkedHashMap<>();
        Set<String> made = new HashSet<>();
        for (Field volume : volumes.items()) {
            if (!podName.isEmpty() && volume.at("ephemeral").isSet()) {
                made.add(podName + "-" + volume.at("name").text());
            }
        }
        for (Field volume : volumes.items()) {
            int before = volume.errors().count();
            source(volume, podName, isPod);
            Field name = volume.at("name");
            name.required().form(Names::dnsLabel);
            if (good.containsKey(name.text())) {
                name.duplicate();
            }
            if (volume.errors().count() == before) {
                good.put(name.text(), volume);
            }
            Field claim = volume.at("persistentVolumeClaim", "claimName");
            if (made.contains(claim.text())) {
                claim.invalid("must not reference a PVC that gets created for an ephemeral volume");
            }
        }
        return good;
    }

    private static void source(Field volume, String podName, boolean isPod) {
        List<String> given = SOURCES.stream().filter(type -> volume.at(type).isSet()).toList();
        if (given.isEmpty()) {
            volume.tellRequired("must specify a volume type");
            return;
        }
        VolumeSourceRules.check(given.getFirst(), volume.at(given.getFirst()), isPod);
        for (String extra : given.subList(1, given.size())) {
            volume.at(MISSPELLED.getOrDefault(extra, extra))
                    .forbidden("may not specify more than 1 volume type");
        }
        String name = volume.at("name").text();
        Field iscsi = volume.at("iscsi");
        if (iscsi.at("initiatorName").isSet()
                && (name + ":" + iscsi.at("targetPortal").text()).length() > 64) {
            volume.at("name")
                    .invalid(
                            "Total length of <volume name>:<iscsi.targetPortal> must be under 64"
                                    + " characters if iscsi.initiatorName is specified.");
        }
        if (isPod
                && given.getFirst().equals("ephemeral")
                && !podName.isEmpty()
                && !name.isEmpty()) {
            String claim = podName + "-" + name;
            Names.dnsSubdomain(claim)
                    .forEach(sentence ->
                            volume.at("name")
                                    .invalid(name, "PVC name \"" + claim + "\": " + sentence));
        }
    }
}
