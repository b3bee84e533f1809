package io.hypernetes.store.sqlite;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Values one after the other, outside of the heap. One thread adds, then any may read. */
final class ValueBytes implements AutoCloseable {
    private static final int BLOCK = 4 << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> blocks = new ArrayList<>();
    private long free;
    private long room;

    /** Where a value is. */
    record Place(int block, int offset, int length) {}

    Place add(byte[] value) {
        if (value.length > room) {
            room = Math.max(BLOCK, value.length);
            free = 0;
            blocks.add(arena.allocate(room, 1));
        }
        Place place = new Place(blocks.size() - 1, (int) free, value.length);
        MemorySegment.copy(value, 0, blocks.getLast(), ValueLayout.JAVA_BYTE, free, value.length);
        free += value.length;
        room -= value.length;
        return place;
    }

    byte[] get(Place place) {
        return blocks.get(place.block())
                .asSlice(place.offset(), place.length())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        arena.close();
    }
}
