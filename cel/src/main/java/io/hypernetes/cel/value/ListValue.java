package io.hypernetes.cel.value;

import java.util.ArrayList;
import java.util.List;

/** A CEL list. */
public interface ListValue {
    ListValue EMPTY = of(List.of());

    int size();

    Object get(int index);

    /**
     * @param items not copied; nobody may change it
     */
    static ListValue of(List<?> items) {
        return new ListValue() {
            @Override
            public int size() {
                return items.size();
            }

            @Override
            public Object get(int index) {
                return items.get(index);
            }
        };
    }

    default List<Object> toList() {
        List<Object> items = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            items.add(get(i));
        }
        return items;
    }
}
