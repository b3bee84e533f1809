package io.hypernetes.server.access;

/** Sees how the seats are given out. Called by many threads. */
public interface FlowWitness {
    /** For those who need not know. */
    FlowWitness NOBODY =
            new FlowWitness() {
                @Override
                public void rejected(Session session, String reason) {}

                @Override
                public void waited(Session session, long nanos) {}
            };

    /**
     * @param reason for instance {@code queue-full}
     */
    void rejected(Session session, String reason);

    /** A seat was found after this time. */
    void waited(Session session, long nanos);
}
