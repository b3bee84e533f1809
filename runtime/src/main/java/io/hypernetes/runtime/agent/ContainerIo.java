package io.hypernetes.runtime.agent;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The standard streams of one container. The guest keeps output until it is credited, so crediting
 * is the acknowledgement: it is sent after the listener has returned.
 */
final class ContainerIo {

    private final String containerId;
    private final GuestStream stream;
    private final long[] offsets;
    private final AtomicBoolean listening = new AtomicBoolean();
    private final GuestOutputStream stdin;

    /**
     * @param offsets of the first byte that was not acknowledged, for each channel
     */
    ContainerIo(String containerId, GuestStream stream, long[] offsets) {
        this.containerId = containerId;
        this.stream = stream;
        this.offsets = offsets.clone();
        this.stdin = stream.output();
    }

    GuestOutputStream stdin() {
        return stdin;
    }

    void close() {
        stream.close();
    }

    void listen(OutputListener listener) {
        if (!listening.compareAndSet(false, true)) {
            throw new AgentException(
                    AgentException.Reason.CONFLICT,
                    "somebody takes the output of container " + containerId + " already");
        }
        Thread.ofVirtual().name("output of " + containerId).start(() -> pump(listener));
    }

    private void pump(OutputListener listener) {
        try {
            for (var next = stream.next(); next.isPresent(); next = stream.next()) {
                GuestStream.Chunk chunk = next.get();
                int channel = chunk.channel();
                OutputListener.Source source =
                        channel == 0 ? OutputListener.Source.STDOUT : OutputListener.Source.STDERR;
                listener.accept(source, offsets[channel], chunk.bytes());
                offsets[channel] += chunk.bytes().length;
                stream.credit(channel, chunk.bytes().length);
            }
            if (!stream.closed()) {
                listener.end();
            }
        } catch (AgentException e) {
            // The channel is gone; what was not acknowledged goes to the next listener.
            if (e.reason() != AgentException.Reason.LOST) {
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
