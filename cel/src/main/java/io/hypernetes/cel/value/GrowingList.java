package io.hypernetes.cel.value;

import java.util.List;

/**
 * The list that a comprehension builds item by item. Appending shares the backing list with the
 * shorter list as long as that one is at its end, so that building n items costs n steps and no
 * list is seen to change. Used within one evaluation, by one thread.
 */
public final class GrowingList implements ListValue {
    private final List<Object> backing;
    private final int size;

    private GrowingList(List<Object> backing, int size) {
        this.backing = backing;
        this.size = size;
    }

    /** Both lists, one after the other. */
    public static ListValue concat(ListValue first, ListValue second) {
        if (second.size() == 0) {
            return first;
        }
        if (first.size() == 0 && !(second instanceof GrowingList)) {
            return copy(second);
        }
        GrowingList grown =
                first instanceof GrowingList list && list.backing.size() == list.size
                        ? list
                        : copy(first);
        for (int i = 0; i < second.size(); i++) {
            grown.backing.add(second.get(i));
        }
        return new GrowingList(grown.backing, grown.size + second.size());
    }

    private static GrowingList copy(ListValue list) {
        return new GrowingList(list.toList(), list.size());
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Object get(int index) {
        return backing.get(index);
    }
}
