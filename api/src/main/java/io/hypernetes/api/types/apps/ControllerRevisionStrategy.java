package io.hypernetes.api.types.apps;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

/** ControllerRevisions: what a workload's template once was. */
public final class ControllerRevisionStrategy extends KindStrategy {

    public ControllerRevisionStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field revision) {
        if (!revision.at("data").isSet()) {
            revision.at("data").tellRequired("data is mandatory");
        }
        revision.at("revision").notNegative();
    }

    @Override
    protected void updateRules(Field revision, Field old) {
        revision.at("data").immutable(old.at("data"));
    }
}
