package io.hypernetes.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whatever the sizes: the limits of the strategy hold at every step, and the rollout ends. */
final class RolloutLawsTest {

    /** Steps that no rollout of this size needs. */
    private static final int FOR_EVER = 200;

    @Property(tries = 500)
    void aRolloutKeepsItsLimitsAndEnds(
            @ForAll @IntRange(max = 12) int replicas,
            @ForAll @IntRange(max = 6) int surge,
            @ForAll @IntRange(max = 6) int unavailable,
            @ForAll @Size(max = 3) List<@IntRange(max = 12) Integer> oldSizes) {
        DeploymentSpec spec = spec(replicas, surge, surge == 0 ? unavailable + 1 : unavailable);
        List<ObjectNode> old = new ArrayList<>();
        oldSizes.forEach(size -> old.add(set("old" + old.size(), size, size)));
        ObjectNode current = set("new", 0, 0);
        ReplicaSets sets = new ReplicaSets(Optional.of(current), old);
        int most = Math.max(spec.mostPods(), sets.wanted());
        int fewest = Math.min(spec.fewestAvailable(), sets.sum("availableReplicas"));
        for (int step = 0; !isDone(spec, sets); step++) {
            assertThat(step).isLessThan(FOR_EVER);
            step(spec, sets);
            assertThat(sets.wanted()).isLessThanOrEqualTo(most);
            assertThat(sets.all().stream().mapToInt(RolloutLawsTest::surviving).sum())
                    .isGreaterThanOrEqualTo(fewest);
            sets.all().forEach(set -> settle(set, ReplicaSets.wanted(set)));
        }
    }

    @Property(tries = 500)
    void podsThatNeverGetReadyLeaveTheAvailabilityThatWasPromised(
            @ForAll @IntRange(min = 1, max = 12) int replicas,
            @ForAll @IntRange(max = 6) int surge,
            @ForAll @IntRange(max = 6) int unavailable) {
        DeploymentSpec spec = spec(replicas, surge, surge == 0 ? unavailable + 1 : unavailable);
        ReplicaSets sets =
                new ReplicaSets(
                        Optional.of(set("new", 0, 0)), List.of(set("old", replicas, replicas)));
        for (int step = 0; step < FOR_EVER; step++) {
            step(spec, sets);
            sets.old().forEach(set -> settle(set, ReplicaSets.wanted(set)));
        }
        assertThat(sets.sum("availableReplicas")).isEqualTo(spec.fewestAvailable());
        assertThat(sets.wanted()).isLessThanOrEqualTo(spec.mostPods());
    }

    @Property(tries = 500)
    void sharesAddUpToWhatIsAllowed(
            @ForAll @IntRange(min = 1, max = 50) int replicas,
            @ForAll @IntRange(max = 5) int surge,
            @ForAll @IntRange(min = 1, max = 20) int first,
            @ForAll @IntRange(min = 5, max = 20) int second) {
        DeploymentSpec spec = spec(replicas, surge, 1);
        int before = first + second;
        ObjectNode current = sized(set("new", first, 0), before - surge, before);
        ObjectNode old = sized(set("old", second, second), before - surge, before);
        ReplicaSets sets = new ReplicaSets(Optional.of(current), List.of(old));
        int total =
                new Rollout(spec, sets)
                        .rescale().stream()
                                .peek(size -> assertThat(size.to()).isNotNegative())
                                .mapToInt(Rollout.Resize::to)
                                .sum();
        assertThat(total).isEqualTo(spec.mostPods());
    }

    private static void step(DeploymentSpec spec, ReplicaSets sets) {
        Rollout rollout = new Rollout(spec, sets);
        List<Rollout.Resize> sizes = rollout.grow().map(List::of).orElseGet(rollout::shrink);
        sizes.forEach(size -> size.set().withObjectProperty("spec").put("replicas", size.to()));
    }

    private static boolean isDone(DeploymentSpec spec, ReplicaSets sets) {
        return sets.current().map(ReplicaSets::wanted).equals(Optional.of(spec.replicas()))
                && sets.wanted() == spec.replicas();
    }

    /** How many available pods a set still has when those beyond its size are gone. */
    private static int surviving(ObjectNode set) {
        return Math.min(ReplicaSets.available(set), ReplicaSets.wanted(set));
    }

    private static void settle(ObjectNode set, int available) {
        set.withObjectProperty("status").put("availableReplicas", available);
    }

    private static ObjectNode sized(ObjectNode set, int desired, int most) {
        set.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(Revision.DESIRED, Integer.toString(desired))
                .put(Revision.MOST, Integer.toString(most));
        return set;
    }

    private static ObjectNode set(String name, int wanted, int available) {
        ObjectNode set = Json.object();
        set.putObject("metadata").put("name", name);
        set.putObject("spec").put("replicas", wanted);
        settle(set, available);
        return set;
    }

    private static DeploymentSpec spec(int replicas, int surge, int unavailable) {
        return new DeploymentSpec(
                replicas,
                false,
                surge,
                Math.min(unavailable, replicas),
                false,
                10,
                Optional.empty(),
                LabelSelector.NOTHING,
                MissingNode.getInstance());
    }
}
