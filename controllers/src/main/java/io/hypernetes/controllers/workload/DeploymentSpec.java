package io.hypernetes.controllers.workload;

import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/**
 * What a Deployment asks for.
 *
 * @param maxSurge how many pods there may be beyond {@code replicas}; 0 for Recreate
 * @param maxUnavailable how many of {@code replicas} may be missing
 * @param progressDeadline empty: waits for ever
 */
record DeploymentSpec(
        int replicas,
        boolean recreate,
        int maxSurge,
        int maxUnavailable,
        boolean paused,
        int historyLimit,
        Optional<Duration> progressDeadline,
        LabelSelector selector,
        JsonNode template) {

    static DeploymentSpec of(ObjectNode deployment) {
        JsonNode spec = deployment.path("spec");
        int replicas = spec.path("replicas").asInt(1);
        boolean recreate = spec.path("strategy").path("type").asString("").equals("Recreate");
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        int surge = recreate ? 0 : Share.roundedUp(rolling.path("maxSurge"), replicas);
        int unavailable =
                recreate ? 0 : Share.roundedDown(rolling.path("maxUnavailable"), replicas);
        boolean stuck = !recreate && surge == 0 && unavailable == 0;
        long deadline = spec.path("progressDeadlineSeconds").asLong(Integer.MAX_VALUE);
        return new DeploymentSpec(
                replicas,
                recreate,
                surge,
                stuck ? 1 : Math.min(unavailable, replicas),
                spec.path("paused").asBoolean(false),
                spec.path("revisionHistoryLimit").asInt(Integer.MAX_VALUE),
                deadline == Integer.MAX_VALUE
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(deadline)),
                LabelSelector.fromObject(spec.path("selector")),
                spec.path("template"));
    }

    int mostPods() {
        return replicas + maxSurge;
    }

    int fewestAvailable() {
        return replicas - maxUnavailable;
    }
}
