package io.hypernetes.store.sqlite;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Values one after the other, outside of the heap. One thread adds, then any may read. */
final class ValueBytes implements AutoCloseable {
    private static final int BLOCK = 4 << 20;

    private final Arena arena = Arena.ofShared();
    private MemorySegment block = MemorySegment.NULL;
    private long free;

    /** Where a value is. */
    record Place(MemorySegment block, int offset, int length) {
        byte[] value() {
            return block.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        }

        boolean begins(byte[] with) {
            MemorySegment begin = block.asSlice(offset, Math.min(length, with.length));
            return begin.mismatch(MemorySegment.ofArray(with)) == -1;
        }
    }

    Place add(byte[] value) {
        if (value.length > block.byteSize() - free) {
            block = arena.allocate(Math.max(BLOCK, value.length), 1);
            free = 0;
        }
        Place place = new Place(block, (int) free, value.length);
        MemorySegment.copy(value, 0, block, ValueLayout.JAVA_BYTE, free, value.length);
        free += value.length;
        return place;
    }

    @Override
    public void close() {
        arena.close();
    }
}
