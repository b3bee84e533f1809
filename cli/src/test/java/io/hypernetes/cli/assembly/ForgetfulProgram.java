package io.hypernetes.cli.assembly;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;

/** Keeps the last of many objects, as the watch cache does: each grows old before it is dropped. */
final class ForgetfulProgram {

    private static final int OBJECT = 1 << 14;
    private static final int KEPT = 3_000;
    private static final int ALL = 50_000;

    private ForgetfulProgram() {}

    /** Prints the mebibytes that were forgotten, and the most that were in use. */
    public static void main(String[] arguments) {
        HeapGrowth.bound();
        ArrayDeque<byte[]> last = new ArrayDeque<>();
        long most = 0;
        for (int i = 0; i < ALL; i++) {
            last.add(new byte[OBJECT]);
            if (last.size() > KEPT) {
                last.remove();
            }
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            most = Math.max(most, used);
        }
        System.out.println((long) (ALL - last.size()) * OBJECT >> 20);
        System.out.println(most >> 20);
    }
}
