package io.hypernetes.api.apply;

import io.hypernetes.api.apply.FieldSet.Step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects paths in any order, a node per step. A node carries up to eight marks, each of which
 * becomes a set of its own: a comparison finds what was added, changed and removed in one walk.
 *
 * <p>Belongs to one thread.
 */
final class FieldSetBuilder {

    private static final Comparator<FieldSetBuilder> ORDER =
            Comparator.comparing(node -> node.element);

    private static final PathElement NOWHERE = new PathElement.Field("");

    private final PathElement element;
    private int marks;

    /** All marks of what is below, so that a set that is empty costs no walk. */
    private int below;

    private List<FieldSetBuilder> children = List.of();

    FieldSetBuilder() {
        this(NOWHERE);
    }

    private FieldSetBuilder(PathElement element) {
        this.element = element;
    }

    /** A step down. Each element is asked for once, or {@link #build} joins the equal ones. */
    FieldSetBuilder child(PathElement child) {
        FieldSetBuilder node = new FieldSetBuilder(child);
        if (children.isEmpty()) {
            children = new ArrayList<>();
        }
        children.add(node);
        return node;
    }

    /**
     * The last child has all its marks. It is taken back if there are none: most of an update is
     * unchanged.
     */
    void finish(FieldSetBuilder child) {
        if (child.marks == 0 && child.children.isEmpty()) {
            children.removeLast();
        }
        below |= child.marks | child.below;
    }

    void mark(int mark) {
        marks |= mark;
    }

    /** All paths that carry one of the marks; the root itself is no path. */
    FieldSet build(int mask) {
        if ((below & mask) == 0) {
            return FieldSet.EMPTY;
        }
        sort();
        List<Step> steps = new ArrayList<>(children.size());
        for (int i = 0; i < children.size(); i++) {
            FieldSetBuilder node = children.get(i);
            boolean member = (node.marks & mask) != 0;
            FieldSet under = node.build(mask);
            while (i + 1 < children.size()
                    && children.get(i + 1).element.compareTo(node.element) == 0) {
                FieldSetBuilder twin = children.get(++i);
                member |= (twin.marks & mask) != 0;
                under = under.union(twin.build(mask));
            }
            if (member || !under.isEmpty()) {
                steps.add(new Step(node.element, member, under));
            }
        }
        return steps.isEmpty() ? FieldSet.EMPTY : new FieldSet(steps);
    }

    private void sort() {
        for (int i = 1; i < children.size(); i++) {
            if (children.get(i - 1).element.compareTo(children.get(i).element) > 0) {
                children.sort(ORDER);
                return;
            }
        }
    }
}
