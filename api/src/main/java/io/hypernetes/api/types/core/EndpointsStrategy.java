package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Endpoints, which endpoint slices took the place of. */
public final class EndpointsStrategy extends KindStrategy {

    public EndpointsStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode endpoints) {
        for (ObjectNode subset : Trees.objects(endpoints.path("subsets"))) {
            for (ObjectNode port : Trees.objects(subset.path("ports"))) {
                Trees.setDefault(port, "protocol", "TCP");
            }
        }
    }

    @Override
    protected void rules(Field endpoints) {
        endpoints.at("subsets").items().forEach(EndpointRules::subset);
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode endpoints) {
        return List.of(
                "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }
}
