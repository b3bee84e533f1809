package io.hypernetes.server.audit;

/** Where audit events go. Called by many threads. */
public interface AuditLog extends AutoCloseable {
    /** For a server without one. */
    AuditLog NOWHERE =
            new AuditLog() {
                @Override
                public void write(byte[] event) {}

                @Override
                public void close() {}
            };

    /**
     * @param event JSON, without the end of its line
     */
    void write(byte[] event);

    @Override
    void close();
}
