package io.hypernetes.api.client;

import io.hypernetes.api.ObjectKey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The way into a running pod: what the API's {@code log}, {@code exec}, {@code attach} and {@code
 * portforward} need from the node that runs it. Everything goes through the guest's agent; nothing
 * dials the pod's address.
 *
 * <p>Methods throw {@link io.hypernetes.api.ApiException} (NotFound, BadRequest, …) before anything
 * is streamed.
 */
public interface PodAccess {

    /** What the pods there use. */
    default UsageSource usages() {
        return UsageSource.NONE;
    }

    /** Which of a container's outputs a log shows (KEP-3288). */
    enum LogSource {
        ALL,
        STDOUT,
        STDERR
    }

    /**
     * @param container empty when the pod has only one
     * @param tailLines the last lines only
     * @param limitBytes at most so many bytes
     * @param sinceTime RFC 3339, empty for all
     * @param source with tailLines only {@link LogSource#ALL}
     */
    record LogOptions(
            String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            OptionalLong tailLines,
            OptionalLong limitBytes,
            OptionalLong sinceSeconds,
            String sinceTime,
            LogSource source) {}

    /** The lines of the container's log; with follow the stream ends when the container does. */
    InputStream logs(ObjectKey pod, LogOptions options);

    /** A terminal's size in characters. */
    record TerminalSize(int columns, int rows) {}

    /**
     * @param command empty: attach to the container's own process
     */
    record ExecOptions(String container, List<String> command, boolean tty, boolean stdin) {}

    /** Where output goes. With a terminal everything goes to stdout. */
    record Output(OutputStream stdout, OutputStream stderr) {}

    /** A running exec or attach. */
    interface Process extends AutoCloseable {
        /** Bytes for the process' standard input; closing it is its end of file. */
        OutputStream stdin();

        void resize(TerminalSize size);

        /** Blocks until it ended and all output is written; the exit code (128+n for signal n). */
        int waitFor() throws InterruptedException, IOException;

        /** Ends it if it still runs. */
        @Override
        void close();
    }

    Process exec(ObjectKey pod, ExecOptions options, Output output);

    /** A byte stream to a port inside the pod, dialled by the guest itself. */
    interface PortStream extends AutoCloseable {
        InputStream input();

        OutputStream output();

        @Override
        void close();
    }

    /** Empty when nothing listens on that port. */
    Optional<PortStream> connect(ObjectKey pod, int port);
}
