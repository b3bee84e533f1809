package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** CSIDrivers: what the cluster must know of a volume driver. */
public final class CsiDriverStrategy extends KindStrategy {

    private static final long SHORTEST_TOKEN = 10 * 60;
    private static final long LONGEST_TOKEN = 1L << 32;
    private static final long SHORTEST_UPDATE = 10;

    public CsiDriverStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode driver) {
        ObjectNode spec = Trees.child(driver, "spec");
        Trees.setDefault(spec, "attachRequired", true);
        Trees.setDefault(spec, "podInfoOnMount", false);
        Trees.setDefault(spec, "storageCapacity", false);
        Trees.setIfAbsent(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
        Trees.setDefault(spec, "requiresRepublish", false);
        Trees.setDefault(spec, "seLinuxMount", false);
        if (spec.path("volumeLifecycleModes").isEmpty()) {
            spec.putArray("volumeLifecycleModes").add("Persistent");
        }
    }

    @Override
    public long firstGeneration() {
        return 0;
    }

    @Override
    protected void rules(Field driver) {
        Field spec = driver.at("spec");
        for (String flag :
                List.of("attachRequired", "podInfoOnMount", "storageCapacity", "seLinuxMount")) {
            if (!spec.at(flag).isSet()) {
                spec.at(flag).tellRequired("");
            }
        }
        spec.at("fsGroupPolicy").oneOf("File", "None", "ReadWriteOnceWithFSType");
        tokens(spec.at("tokenRequests"));
        Field modes = spec.at("volumeLifecycleModes");
        for (Field mode : modes.items()) {
            modes.with(mode.value()).oneOf("Persistent", "Ephemeral");
        }
        Field period = spec.at("nodeAllocatableUpdatePeriodSeconds");
        if (period.isSet() && period.number() < SHORTEST_UPDATE) {
            period.invalid("must be greater than or equal to 10 seconds");
        }
    }

    private static void tokens(Field requests) {
        Set<String> audiences = new HashSet<>();
        for (Field request : requests.items()) {
            Field audience = request.at("audience");
            if (!audiences.add(audience.text())) {
                audience.duplicate(audience.text());
                continue;
            }
            Field seconds = request.at("expirationSeconds");
            if (seconds.isSet() && seconds.number() < SHORTEST_TOKEN) {
                seconds.invalid("may not specify a duration less than 10 minutes");
            } else if (seconds.isSet() && seconds.number() > LONGEST_TOKEN) {
                seconds.invalid("may not specify a duration larger than 2^32 seconds");
            }
        }
    }

    @Override
    protected void updateRules(Field driver, Field old) {
        Field spec = driver.at("spec");
        // Upstream tells it by this name.
        spec.at("attachRequired")
                .named("spec.attachedRequired")
                .immutable(old.at("spec", "attachRequired"));
        spec.at("volumeLifecycleModes").immutable(old.at("spec", "volumeLifecycleModes"));
    }
}
