package io.hypernetes.store.sorted;

import io.hypernetes.store.KeyRange;
import io.hypernetes.store.StoreKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An immutable sorted map. A change makes a new tree that shares all but the path to the changed
 * node, so a reader that holds a tree holds a consistent state, and keeping the last ten thousand
 * trees costs some twenty nodes each.
 *
 * <p>It is an AVL tree (Adelson-Velsky and Landis, 1962) with subtree sizes, which answer "how many
 * are left" without walking.
 */
public final class SortedTree<V> {

    private static final SortedTree<?> EMPTY = new SortedTree<>(null);

    private final @Nullable Node<V> root;

    private SortedTree(@Nullable Node<V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // an empty tree holds no V
    public static <V> SortedTree<V> empty() {
        return (SortedTree<V>) EMPTY;
    }

    /**
     * A tree of many entries at once.
     *
     * @param keys in order, each once
     * @param values those of the keys
     */
    public static <V> SortedTree<V> ofSorted(List<StoreKey> keys, List<V> values) {
        return new SortedTree<>(ofSorted(keys, values, 0, keys.size()));
    }

    /** The middle one over the two halves: their heights differ by one at most. */
    private static <V> @Nullable Node<V> ofSorted(
            List<StoreKey> keys, List<V> values, int from, int to) {
        if (from == to) {
            return null;
        }
        int middle = (from + to) >>> 1;
        return new Node<>(
                keys.get(middle),
                values.get(middle),
                ofSorted(keys, values, from, middle),
                ofSorted(keys, values, middle + 1, to));
    }

    public int size() {
        return size(root);
    }

    /** The longest way from the root; at most 1.44 log2 of the size. */
    int height() {
        return height(root);
    }

    public Optional<V> get(StoreKey key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return Optional.of(node.value);
            }
            node = order < 0 ? node.left : node.right;
        }
        return Optional.empty();
    }

    public SortedTree<V> put(StoreKey key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    /** This tree without the key; the very same tree when it has none. */
    public SortedTree<V> remove(StoreKey key) {
        Node<V> without = remove(root, key);
        return without == root ? this : new SortedTree<>(without);
    }

    /**
     * The values of a range in order.
     *
     * @param limit at most so many, 0 for all
     */
    public List<V> values(KeyRange range, int limit) {
        int count = count(range);
        int wanted = limit == 0 ? count : Math.min(limit, count);
        List<V> values = new ArrayList<>(wanted);
        collect(root, range, wanted, values);
        return values;
    }

    /** How many keys the range holds. */
    public int count(KeyRange range) {
        return Math.max(0, rank(range.to()) - rank(range.from()));
    }

    /** How many keys are smaller. */
    private int rank(StoreKey key) {
        int rank = 0;
        Node<V> node = root;
        while (node != null) {
            if (node.key.compareTo(key) < 0) {
                rank += size(node.left) + 1;
                node = node.right;
            } else {
                node = node.left;
            }
        }
        return rank;
    }

    private static <V> void collect(
            @Nullable Node<V> node, KeyRange range, int wanted, List<V> values) {
        if (node == null || values.size() == wanted) {
            return;
        }
        boolean afterFrom = range.from().compareTo(node.key) <= 0;
        boolean beforeTo = node.key.compareTo(range.to()) < 0;
        if (afterFrom) {
            collect(node.left, range, wanted, values);
        }
        if (afterFrom && beforeTo && values.size() < wanted) {
            values.add(node.value);
        }
        if (beforeTo) {
            collect(node.right, range, wanted, values);
        }
    }

    private static <V> Node<V> put(@Nullable Node<V> node, StoreKey key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balance(node, put(node.left, key, value), node.right)
                : balance(node, node.left, put(node.right, key, value));
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, StoreKey key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            Node<V> left = remove(node.left, key);
            return left == node.left ? node : balance(node, left, node.right);
        }
        if (order > 0) {
            Node<V> right = remove(node.right, key);
            return right == node.right ? node : balance(node, node.left, right);
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        Node<V> next = first(node.right);
        return balance(next, node.left, remove(node.right, next.key));
    }

    private static <V> Node<V> first(Node<V> node) {
        Node<V> first = node;
        while (first.left != null) {
            first = first.left;
        }
        return first;
    }

    /** The entry of {@code top} over two subtrees whose heights differ by two at most. */
    private static <V> Node<V> balance(
            Node<V> top, @Nullable Node<V> left, @Nullable Node<V> right) {
        if (left != null && left.height > height(right) + 1) {
            Node<V> middle = left.right;
            if (middle == null || height(left.left) >= middle.height) {
                return left.over(left.left, top.over(middle, right));
            }
            return middle.over(left.over(left.left, middle.left), top.over(middle.right, right));
        }
        if (right != null && right.height > height(left) + 1) {
            Node<V> middle = right.left;
            if (middle == null || height(right.right) >= middle.height) {
                return right.over(top.over(left, middle), right.right);
            }
            return middle.over(top.over(left, middle.left), right.over(middle.right, right.right));
        }
        return top.over(left, right);
    }

    private static int height(@Nullable Node<?> node) {
        return node == null ? 0 : node.height;
    }

    private static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static final class Node<V> {
        final StoreKey key;
        final V value;
        final @Nullable Node<V> left;
        final @Nullable Node<V> right;
        final int height;
        final int size;

        Node(StoreKey key, V value, @Nullable Node<V> left, @Nullable Node<V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = Math.max(height(left), height(right)) + 1;
            this.size = size(left) + size(right) + 1;
        }

        /** This entry over other subtrees. */
        Node<V> over(@Nullable Node<V> newLeft, @Nullable Node<V> newRight) {
            return new Node<>(key, value, newLeft, newRight);
        }
    }
}
