package io.hypernetes.api.types;

import io.hypernetes.api.Strategy;

import java.util.List;

/** Pods. */
final class PodStrategy implements Strategy {

    @Override
    public List<String> selectableFields() {
        return List.of(
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName");
    }
}
