package io.hypernetes.api.types.node;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodSpecRules;
import io.hypernetes.api.types.core.ResourceRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.MetadataRules;

import java.util.HashSet;
import java.util.Set;

/** RuntimeClasses. */
public final class RuntimeClassStrategy extends KindStrategy {

    public RuntimeClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    protected void rules(Field runtime) {
        runtime.at("handler").required().form(Names::dnsLabel);
        if (runtime.at("overhead").isSet()) {
            ResourceRules.overhead(
                    runtime.at("overhead", "podFixed"), runtime.at("overhead", "limits"));
        }
        Field scheduling = runtime.at("scheduling");
        MetadataRules.labels(scheduling.at("nodeSelector"));
        PodSpecRules.tolerations(scheduling.at("tolerations"));
        Set<Object> known = new HashSet<>();
        for (Field toleration : scheduling.at("tolerations").items()) {
            if (!known.add(toleration.value())) {
                toleration.duplicate();
            }
        }
    }

    @Override
    protected void updateRules(Field runtime, Field old) {
        runtime.at("handler").immutable(old.at("handler"));
    }
}
