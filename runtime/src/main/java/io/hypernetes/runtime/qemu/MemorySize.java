package io.hypernetes.runtime.qemu;

/**
 * The sizes that templates are kept for: powers of two and their halves in between, so that few
 * templates serve all and a machine gets a third more than it asked for at worst.
 */
final class MemorySize {

    private static final int SMALLEST_MIB = 128;

    private MemorySize() {}

    /** The smallest size that is enough, in MiB. */
    static int of(int memoryMiB) {
        int size = SMALLEST_MIB;
        while (size < memoryMiB) {
            if (size + size / 2 >= memoryMiB) {
                return size + size / 2;
            }
            size *= 2;
        }
        return size;
    }
}
