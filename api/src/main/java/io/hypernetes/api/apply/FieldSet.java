package io.hypernetes.api.apply;

import io.hypernetes.api.json.WrittenObject;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * An immutable set of paths into an object. Owning a path says nothing about owning what is below
 * or above it.
 *
 * <p>A node of the tree holds its steps in order; a step may itself be a member, lead to members
 * further down, or both. A step that does neither is never kept.
 */
public final class FieldSet {

    public static final FieldSet EMPTY = new FieldSet(List.of());

    /**
     * @param member the path that ends here is in the set
     * @param below what is in the set below here
     */
    record Step(PathElement element, boolean member, FieldSet below) {
        boolean isEmpty() {
            return !member && below.isEmpty();
        }
    }

    private final List<Step> steps;

    /** Null for nearly all: those that many objects have keep it. */
    private final @Nullable WrittenObject written;

    /**
     * @param steps in order, none of them empty
     */
    FieldSet(List<Step> steps) {
        this(steps, null);
    }

    private FieldSet(List<Step> steps, @Nullable WrittenObject written) {
        this.steps = steps;
        this.written = written;
    }

    /** The same, which is put into JSON once. */
    FieldSet writtenOnce() {
        return new FieldSet(steps, WrittenObject.of(FieldsV1.encode(this)));
    }

    @Nullable WrittenObject written() {
        return written;
    }

    /** The path through named fields alone: {@code of("spec", "replicas")}. */
    public static FieldSet of(String... names) {
        FieldSet set = EMPTY;
        for (int i = names.length - 1; i >= 0; i--) {
            set =
                    new FieldSet(
                            List.of(
                                    new Step(
                                            new PathElement.Field(names[i]),
                                            i == names.length - 1,
                                            set)));
        }
        return set;
    }

    List<Step> steps() {
        return steps;
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** How many paths. */
    public int size() {
        int size = 0;
        for (Step step : steps) {
            size += (step.member ? 1 : 0) + step.below.size();
        }
        return size;
    }

    /** Whether the path through named fields is a member. */
    public boolean contains(String... names) {
        FieldSet set = this;
        for (int i = 0; i < names.length; i++) {
            @Nullable Step step = set.find(new PathElement.Field(names[i]));
            if (step == null) {
                return false;
            }
            if (i == names.length - 1) {
                return step.member;
            }
            set = step.below;
        }
        return false;
    }

    @Nullable Step find(PathElement element) {
        int low = 0;
        int high = steps.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = steps.get(middle).element.compareTo(element);
            if (order == 0) {
                return steps.get(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    public FieldSet union(FieldSet other) {
        return other.isEmpty() || this == other
                ? this
                : isEmpty() ? other : combine(other, Operation.UNION);
    }

    public FieldSet intersection(FieldSet other) {
        return isEmpty() || other.isEmpty() ? EMPTY : combine(other, Operation.INTERSECTION);
    }

    /** Paths here that are not there; a path there does not remove what is below it. */
    public FieldSet difference(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, Operation.DIFFERENCE);
    }

    /** Paths here that are neither there nor below a path there. */
    public FieldSet without(FieldSet other) {
        return isEmpty() || other.isEmpty() ? this : combine(other, Operation.WITHOUT);
    }

    private enum Operation {
        UNION,
        INTERSECTION,
        DIFFERENCE,
        WITHOUT
    }

    private FieldSet combine(FieldSet other, Operation operation) {
        List<Step> result = new ArrayList<>(steps.size());
        int i = 0;
        int j = 0;
        while (i < steps.size() || j < other.steps.size()) {
            int order =
                    i == steps.size()
                            ? 1
                            : j == other.steps.size()
                                    ? -1
                                    : steps.get(i).element.compareTo(other.steps.get(j).element);
            if (order < 0) {
                Step mine = steps.get(i++);
                if (operation != Operation.INTERSECTION) {
                    result.add(mine);
                }
            } else if (order > 0) {
                Step theirs = other.steps.get(j++);
                if (operation == Operation.UNION) {
                    result.add(theirs);
                }
            } else {
                Step both = combine(steps.get(i++), other.steps.get(j++), operation);
                if (!both.isEmpty()) {
                    result.add(both);
                }
            }
        }
        return result.isEmpty() ? EMPTY : new FieldSet(result);
    }

    private static Step combine(Step mine, Step theirs, Operation operation) {
        PathElement element = mine.element;
        return switch (operation) {
            case UNION ->
                    new Step(element, mine.member || theirs.member, mine.below.union(theirs.below));
            case INTERSECTION ->
                    new Step(
                            element,
                            mine.member && theirs.member,
                            mine.below.intersection(theirs.below));
            case DIFFERENCE ->
                    new Step(
                            element,
                            mine.member && !theirs.member,
                            mine.below.difference(theirs.below));
            case WITHOUT ->
                    new Step(
                            element,
                            mine.member && !theirs.member,
                            theirs.member ? EMPTY : mine.below.without(theirs.below));
        };
    }

    /** The paths as messages show them, parents before children, in order. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        visit("", (path, _) -> paths.add(path));
        return paths;
    }

    private void visit(String prefix, BiConsumer<String, Step> visitor) {
        for (Step step : steps) {
            if (step.member) {
                visitor.accept(prefix + step.element, step);
            }
        }
        for (Step step : steps) {
            if (!step.below.isEmpty()) {
                step.below.visit(prefix + step.element, visitor);
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object object) {
        if (!(object instanceof FieldSet other) || other.steps.size() != steps.size()) {
            return false;
        }
        for (int i = 0; i < steps.size(); i++) {
            Step mine = steps.get(i);
            Step theirs = other.steps.get(i);
            if (mine.member != theirs.member
                    || mine.element.compareTo(theirs.element) != 0
                    || !mine.below.equals(theirs.below)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {steps.size(), size()});
    }

    @Override
    public String toString() {
        return String.join("\n", paths());
    }
}
