package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.server.flow.Flow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds how many requests are under way, for each tenant and for all. Those that find no seat wait
 * in their tenant's line; a seat that becomes free goes to the tenants with waiting requests in
 * turn, so a busy tenant fills its own line and nobody else's; who of the tenant's line gets it is
 * for its flow schemas to say ({@link WaitingLine}). A tenant without requests costs nothing.
 */
final class FairQueue {
    /**
     * @param seats requests under way at once, of all tenants
     * @param seatsPerTenant of one tenant
     * @param waitingPerTenant how long a tenant's line may become
     * @param bytes of bodies that requests bring at once, of all tenants
     * @param bytesPerTenant of one tenant
     * @param patience how long one waits before it is refused
     */
    record Limits(
            int seats,
            int seatsPerTenant,
            int waitingPerTenant,
            long bytes,
            long bytesPerTenant,
            Duration patience) {}

    /** Why a request is refused, as metrics name it. */
    enum Refusal {
        QUEUE_FULL("queue-full"),
        CONCURRENCY_LIMIT("concurrency-limit"),
        TIME_OUT("time-out"),
        BODY_BYTES("body-bytes");

        private final String text;

        Refusal(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A request was refused; answered as TooManyRequests. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.toString(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }

        ApiException status() {
            return new ApiException(
                    new Status(
                            Reason.TOO_MANY_REQUESTS.code(),
                            Reason.TOO_MANY_REQUESTS,
                            "too many requests, please try again later.",
                            Optional.of(new Details("", "", "", "", List.of(), 1))));
        }
    }

    /** A taken seat; closing it frees it. */
    interface Seat extends AutoCloseable {
        @Override
        void close();
    }

    /** One tenant's requests. Guarded by the lock. */
    private static final class Line {
        final String tenant;
        final WaitingLine<Waiter> waiting = new WaitingLine<>();
        int seated;
        long bytes;

        /** Whether it stands among those that get the next free seats. */
        boolean inTurn;

        Line(String tenant) {
            this.tenant = tenant;
        }
    }

    private static final class Waiter {
        final Condition changed;
        final Flow flow;
        boolean seated;

        Waiter(Condition changed, Flow flow) {
            this.changed = changed;
            this.flow = flow;
        }
    }

    private final Limits limits;

    /** Guards everything below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Line> lines = new HashMap<>();
    private final Deque<Line> turns = new ArrayDeque<>();
    private int seated;
    private int waiting;
    private long bodyBytes;

    FairQueue(Limits limits) {
        this.limits = limits;
    }

    /**
     * Waits for a seat.
     *
     * @param tenant empty for requests over all tenants
     * @param bytes that its body may have
     */
    Seat take(String tenant, long bytes) throws Refused, InterruptedException {
        return take(tenant, Flow.ONLY, bytes);
    }

    /**
     * The same.
     *
     * @param flow its place among the tenant's own
     */
    Seat take(String tenant, Flow flow, long bytes) throws Refused, InterruptedException {
        lock.lockInterruptibly();
        try {
            Line line = lines.computeIfAbsent(tenant, Line::new);
            if (!hasRoom(line, bytes)) {
                forget(line);
                throw new Refused(Refusal.BODY_BYTES);
            }
            if (line.waiting.isEmpty() && hasRoom(line)) {
                sit(line, flow);
            } else {
                await(line, flow);
            }
            line.bytes += bytes;
            bodyBytes += bytes;
            return () -> leave(line, flow, bytes);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Line line) {
        return seated < limits.seats() && line.seated < limits.seatsPerTenant();
    }

    private boolean hasRoom(Line line, long bytes) {
        return bytes == 0
                || (line.bytes + bytes <= limits.bytesPerTenant()
                        && bodyBytes + bytes <= limits.bytes());
    }

    private void sit(Line line, Flow flow) {
        line.waiting.sit(flow);
        line.seated++;
        seated++;
    }

    private void await(Line line, Flow flow) throws Refused, InterruptedException {
        if (flow.level().rejects()) {
            forget(line);
            throw new Refused(Refusal.CONCURRENCY_LIMIT);
        }
        if (line.waiting.size() >= limits.waitingPerTenant()
                || line.waiting.size(flow) >= flow.level().mostOfAFlow()) {
            forget(line);
            throw new Refused(Refusal.QUEUE_FULL);
        }
        Waiter waiter = new Waiter(lock.newCondition(), flow);
        line.waiting.add(flow, waiter);
        waiting++;
        enterTurn(line);
        long left = limits.patience().toNanos();
        try {
            while (!waiter.seated && left > 0) {
                left = waiter.changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (!waiter.seated) {
                giveUp(line, waiter);
                throw e;
            }
            Thread.currentThread().interrupt(); // the seat is taken: whoever blocks next notices
        }
        if (!waiter.seated) {
            giveUp(line, waiter);
            throw new Refused(Refusal.TIME_OUT);
        }
    }

    private void giveUp(Line line, Waiter waiter) {
        line.waiting.remove(waiter.flow, waiter);
        waiting--;
        forget(line);
    }

    private void leave(Line line, Flow flow, long bytes) {
        lock.lock();
        try {
            line.waiting.leave(flow);
            line.seated--;
            line.bytes -= bytes;
            bodyBytes -= bytes;
            seated--;
            enterTurn(line);
            seatNext();
            forget(line);
        } finally {
            lock.unlock();
        }
    }

    private void enterTurn(Line line) {
        if (!line.inTurn && !line.waiting.isEmpty() && line.seated < limits.seatsPerTenant()) {
            line.inTurn = true;
            turns.add(line);
        }
    }

    private void seatNext() {
        while (seated < limits.seats() && !turns.isEmpty()) {
            Line line = turns.remove();
            line.inTurn = false;
            Waiter next = line.waiting.poll();
            if (next == null) {
                forget(line); // those who waited gave up
                continue;
            }
            waiting--;
            sit(line, next.flow);
            next.seated = true;
            next.changed.signal();
            enterTurn(line);
        }
    }

    private void forget(Line line) {
        if (line.seated == 0 && line.waiting.isEmpty() && !line.inTurn) {
            lines.remove(line.tenant, line);
        }
    }

    int seated() {
        lock.lock();
        try {
            return seated;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** What one class of tenants has under way. */
    record Load(int seated, int waiting, long bodyBytes) {
        static final Load NONE = new Load(0, 0, 0);

        private Load plus(Line line) {
            return new Load(
                    seated + line.seated, waiting + line.waiting.size(), bodyBytes + line.bytes);
        }
    }

    /** Of all tenants of a class; see {@link Session#tenantClass()}. */
    Load load(String tenantClass) {
        lock.lock();
        try {
            Load load = Load.NONE;
            for (Line line : lines.values()) {
                if (Session.tenantClass(line.tenant).equals(tenantClass)) {
                    load = load.plus(line);
                }
            }
            return load;
        } finally {
            lock.unlock();
        }
    }

    /** Tenants that something is remembered of. */
    int remembered() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }
}
