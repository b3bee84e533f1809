package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.agent.OutputListener;
import io.hypernetes.runtime.log.ContainerLog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a container's output goes: its log file, and whoever is attached. */
final class OutputHub implements OutputListener {

    private static final Logger LOG = LoggerFactory.getLogger(OutputHub.class);
    private static final int MAX_QUEUED = 64;

    /** Bytes of one stream. */
    @SuppressWarnings("ArrayRecordComponent")
    record Piece(Source source, byte[] bytes) {}

    /** Someone attached, who must keep up: the container never waits for it. */
    static final class Subscriber {
        private final BlockingQueue<Optional<Piece>> queue =
                new ArrayBlockingQueue<>(MAX_QUEUED + 1);

        /** The next piece; empty at the end of the output, or when too much was left unread. */
        Optional<Piece> next() throws InterruptedException {
            return queue.take();
        }
    }

    private final Optional<ContainerLog> log;
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean failing;

    OutputHub(Optional<ContainerLog> log) {
        this.log = log;
    }

    Subscriber subscribe() {
        Subscriber subscriber = new Subscriber();
        subscribers.add(subscriber);
        if (ended.getCount() == 0) {
            finish(subscriber);
        }
        return subscriber;
    }

    /** Its queue ends. */
    void detach(Subscriber subscriber) {
        finish(subscriber);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void accept(Source source, long offset, byte[] bytes) {
        log.ifPresent(file -> write(file, source, bytes));
        for (Subscriber subscriber : subscribers) {
            if (subscriber.queue.size() >= MAX_QUEUED
                    || !subscriber.queue.offer(Optional.of(new Piece(source, bytes)))) {
                finish(subscriber);
            }
        }
    }

    /** A full disk must not stop the containers of the node: what can not be written is lost. */
    private void write(ContainerLog file, Source source, byte[] bytes) {
        try {
            file.append(
                    source == Source.STDOUT
                            ? ContainerLog.Stream.STDOUT
                            : ContainerLog.Stream.STDERR,
                    bytes);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("container output is lost until its log can be written again", e);
            }
            failing = true;
        }
    }

    /** The log is there before its first record: who follows a silent container waits for it. */
    void begin() {
        try {
            reopen();
        } catch (IOException e) {
            LOG.warn("a container log cannot be made yet", e);
        }
    }

    void reopen() throws IOException {
        if (log.isPresent()) {
            log.get().reopen();
        }
    }

    @Override
    public void end() {
        ended.countDown();
        subscribers.forEach(this::finish);
        close();
    }

    private void finish(Subscriber subscriber) {
        subscribers.remove(subscriber);
        boolean queued = subscriber.queue.offer(Optional.empty());
        if (!queued) {
            LOG.debug("a subscriber was told of its end already");
        }
    }

    /** Waits until all output was taken; returns in any case after this time. */
    void awaitEnd(Duration patience) throws InterruptedException {
        boolean unused = ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    void close() {
        if (log.isPresent()) {
            try {
                log.get().close();
            } catch (IOException e) {
                LOG.warn("a container log could not be closed", e);
            }
        }
    }
}
