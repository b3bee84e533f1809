package io.hypernetes.cli.assembly;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;

import javax.management.NotificationEmitter;

/**
 * Keeps the heap near to what lives in it. The serial collector clears the old generation only when
 * that has grown to {@code -Xmx}, and each version of an object that the watch cache has forgotten
 * lies there until then. So it is cleared when it holds a third more than lived after the last
 * time, as Go's runtime does by a setting of its own (GOGC).
 *
 * <p>One thread of the JVM calls it, after a collection.
 */
public final class HeapGrowth {
    private static final String SERIAL = "Tenured Gen";

    /** It may grow by so much at least: looking through it takes a tenth of a second. */
    private static final long STEP = 24L << 20;

    private final MemoryPoolMXBean old;

    private HeapGrowth(MemoryPoolMXBean old) {
        this.old = old;
    }

    /** From now on; nothing with another collector, which has ways of its own. */
    public static void bound() {
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(SERIAL))
                .forEach(pool -> new HeapGrowth(pool).start());
    }

    private void start() {
        NotificationEmitter memory = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
        memory.addNotificationListener(
                (_, _) -> clear(),
                notification ->
                        notification
                                .getType()
                                .equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED),
                null);
        next();
    }

    private void clear() {
        System.gc();
        next();
    }

    private void next() {
        MemoryUsage usage = old.getUsage();
        old.setUsageThreshold(threshold(usage.getUsed(), usage.getMax()));
    }

    /** 0, which is none, where that much is not to be had: the collector's own limit is nearer. */
    static long threshold(long lives, long most) {
        long wanted = lives + Math.max(STEP, lives / 3);
        return wanted < most ? wanted : 0;
    }
}
