package io.hypernetes.controllerruntime;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the queues of all controllers of this process have before them and have done, by the names
 * of the controllers, as upstream's {@code workqueue_*} metrics. One for the whole process, as the
 * process has one address for its metrics; for any thread.
 */
public final class QueueCounts {
    private static final Map<String, QueueCounts> ALL = new ConcurrentHashMap<>();

    private final LongAdder adds = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Set<WorkQueue<?>> queues = ConcurrentHashMap.newKeySet();

    private QueueCounts() {}

    static QueueCounts of(String name) {
        return ALL.computeIfAbsent(name, _ -> new QueueCounts());
    }

    /** Those of every controller that there was. */
    public static Map<String, QueueCounts> all() {
        return new TreeMap<>(ALL);
    }

    void opened(WorkQueue<?> queue) {
        queues.add(queue);
    }

    void closed(WorkQueue<?> queue) {
        queues.remove(queue);
    }

    void added() {
        adds.increment();
    }

    void retried() {
        retries.increment();
    }

    /** Keys that wait, also those that wait for their time. */
    public long depth() {
        return queues.stream().mapToLong(WorkQueue::size).sum();
    }

    public long adds() {
        return adds.sum();
    }

    /** Keys that came again because working on them failed. */
    public long retries() {
        return retries.sum();
    }
}
