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

    /** A collection stops everybody: they take a hundredth of the time, if there is room. */
    private static final long SHARE = 100;

    private final MemoryPoolMXBean old;
    private long lived;
    private long ended;

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
        next(0);
        // A start on a large state begins with a heap of its size (-Xms), and reads much of it
        // later.
        long begun = old.getUsage().getInit();
        if (old.getUsageThreshold() > 0 && begun > old.getUsageThreshold()) {
            old.setUsageThreshold(begun);
        }
    }

    private void clear() {
        long grown = old.getUsage().getUsed() - lived;
        long begin = System.nanoTime();
        System.gc();
        next(meanwhile(grown, begin - ended, System.nanoTime() - begin));
    }

    private void next(long growth) {
        MemoryUsage usage = old.getUsage();
        lived = usage.getUsed();
        ended = System.nanoTime();
        old.setUsageThreshold(threshold(lived, growth, usage.getMax()));
    }

    /** By how much it grows, at the pace of the last time, until a collection is due again. */
    static long meanwhile(long grown, long nanos, long pause) {
        return Math.round((double) grown / Math.max(nanos, 1) * pause * SHARE);
    }

    /** 0, which is none, where that much is not to be had: the collector's own limit is nearer. */
    static long threshold(long lives, long growth, long most) {
        long allowed = Math.max(Math.max(STEP, lives / 3), Math.min(growth, most / 4));
        long wanted = lives + allowed;
        return wanted < most ? wanted : 0;
    }
}
