package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.batch.Indexes;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counts each ended pod once, whatever crashes (KEP-2307): its uid is written into the status, then
 * its finalizer goes, then it moves into the counter. The successes of an indexed job are a set and
 * need no such care. One look's own; pure but for itself.
 */
final class JobTracking {
    private final JobSpec spec;
    private final Set<String> uncountedSucceeded = new LinkedHashSet<>();
    private final Set<String> uncountedFailed = new LinkedHashSet<>();
    private long countedSucceeded;
    private long countedFailed;

    final BitSet completed;
    final BitSet failedIndexes;

    /** Pods whose finalizer goes once the status is written. */
    final List<ObjectNode> ended = new ArrayList<>();

    /** Why a pod's failure is the job's. */
    Optional<String> fatal = Optional.empty();

    JobTracking(JobSpec spec, Collection<ObjectNode> pods) {
        this.spec = spec;
        ObjectNode status = spec.job().withObjectProperty("status");
        completed = spec.indexes("completedIndexes");
        failedIndexes = spec.indexes("failedIndexes");
        countedSucceeded = status.path("succeeded").asLong(0);
        countedFailed = status.path("failed").asLong(0);
        Map<String, ObjectNode> byUid = new HashMap<>();
        pods.forEach(pod -> byUid.put(Metadata.uid(pod), pod));
        countedSucceeded += settle("succeeded", byUid, uncountedSucceeded);
        countedFailed += settle("failed", byUid, uncountedFailed);
        pods.stream().filter(JobSpec::isTracked).forEach(this::see);
    }

    /** Those without a finalizer are counted for good; the others are remembered. */
    private long settle(String list, Map<String, ObjectNode> byUid, Set<String> left) {
        long counted = 0;
        for (var uid : spec.job().at("/status/uncountedTerminatedPods/" + list)) {
            ObjectNode pod = byUid.get(uid.asString(""));
            if (pod != null && JobSpec.isTracked(pod)) {
                left.add(uid.asString(""));
            } else {
                counted++;
            }
        }
        return counted;
    }

    private void see(ObjectNode pod) {
        String uid = Metadata.uid(pod);
        int index = spec.index(pod);
        if (JobSpec.hasSucceeded(pod)) {
            ended.add(pod);
            if (!spec.indexed()) {
                uncountedSucceeded.add(uid);
            } else if (index >= 0) {
                completed.set(index);
            }
        } else if (spec.hasFailed(pod)) {
            ended.add(pod);
            if (!uncountedFailed.contains(uid)) {
                failed(pod, uid, index);
            }
        }
    }

    private void failed(ObjectNode pod, String uid, int index) {
        JobFailurePolicy policy = JobFailurePolicy.of(spec, pod);
        switch (policy.action()) {
            case IGNORE -> {
                return;
            }
            case FAIL_JOB -> fatal = fatal.or(() -> Optional.of(policy.message()));
            case FAIL_INDEX -> failIndex(index);
            case COUNT -> {
                int most = spec.backoffLimitPerIndex().orElse(Integer.MAX_VALUE);
                if (JobSpec.earlierFailures(pod) >= most) {
                    failIndex(index);
                }
            }
        }
        uncountedFailed.add(uid);
    }

    private void failIndex(int index) {
        if (index >= 0 && !completed.get(index)) {
            failedIndexes.set(index);
        }
    }

    long succeeded() {
        return spec.indexed()
                ? completed.cardinality()
                : countedSucceeded + uncountedSucceeded.size();
    }

    long failed() {
        return countedFailed + uncountedFailed.size();
    }

    boolean isSettled() {
        return uncountedSucceeded.isEmpty() && uncountedFailed.isEmpty();
    }

    void write(ObjectNode status) {
        put(status, "succeeded", spec.indexed() ? completed.cardinality() : countedSucceeded);
        put(status, "failed", countedFailed);
        ObjectNode uncounted = Json.object();
        list(uncounted, "succeeded", uncountedSucceeded);
        list(uncounted, "failed", uncountedFailed);
        status.set("uncountedTerminatedPods", uncounted);
        if (spec.indexed()) {
            text(status, "completedIndexes", Indexes.format(completed));
        }
        if (spec.backoffLimitPerIndex().isPresent()) {
            status.put("failedIndexes", Indexes.format(failedIndexes));
        }
    }

    static void put(ObjectNode status, String field, long count) {
        if (count > 0) {
            status.put(field, count);
        } else {
            status.remove(field);
        }
    }

    private static void text(ObjectNode status, String field, String text) {
        if (text.isEmpty()) {
            status.remove(field);
        } else {
            status.put(field, text);
        }
    }

    private static void list(ObjectNode uncounted, String field, Set<String> uids) {
        if (!uids.isEmpty()) {
            ArrayNode list = uncounted.putArray(field);
            uids.forEach(list::add);
        }
    }
}
