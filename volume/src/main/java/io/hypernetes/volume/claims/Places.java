package io.hypernetes.volume.claims;

import io.hypernetes.api.Metadata;
import io.hypernetes.volume.MachinePools;
import io.hypernetes.volume.VolumePool;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Which pool a volume is in.
 *
 * @param pool this machine's
 * @param machines empty when all machines reach all volumes
 */
record Places(VolumePool pool, Optional<MachinePools> machines) {

    /** On a claim: the machine that its volume is made on. Upstream's scheduler writes it. */
    static final String SELECTED = "volume.kubernetes.io/selected-node";

    private static final String HOSTNAME = "kubernetes.io/hostname";

    /** Where a volume is made that nobody says more about. */
    Optional<String> home() {
        return machines.map(MachinePools::self);
    }

    /** Where the volume of this claim is made, or was to be. */
    Optional<String> of(ObjectNode claim) {
        String selected = Metadata.annotation(claim, SELECTED);
        return selected.isEmpty() ? home() : machines.map(_ -> selected);
    }

    VolumePool poolFor(ObjectNode claim) {
        return pool(of(claim));
    }

    /** The pool that the data of a PersistentVolume is in. */
    VolumePool poolOf(ObjectNode volume) {
        return pool(machineOf(volume).or(this::home));
    }

    private VolumePool pool(Optional<String> machine) {
        return machines.filter(all -> !machine.orElse(all.self()).equals(all.self()))
                .map(all -> all.others().apply(machine.orElseThrow()))
                .orElse(pool);
    }

    private static Optional<String> machineOf(ObjectNode volume) {
        JsonNode terms = volume.at("/spec/nodeAffinity/required/nodeSelectorTerms");
        return terms.valueStream()
                .flatMap(term -> term.path("matchExpressions").valueStream())
                .filter(expression -> expression.path("key").asString("").equals(HOSTNAME))
                .map(expression -> expression.at("/values/0").asString(""))
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /** The scheduler places pods by it. */
    static void onlyOn(ObjectNode spec, String node) {
        spec.putObject("nodeAffinity")
                .putObject("required")
                .putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchExpressions")
                .addObject()
                .put("key", HOSTNAME)
                .put("operator", "In")
                .putArray("values")
                .add(node);
    }
}
