package io.hypernetes.server;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods that log one line, echo their input until it ends, and echo what comes to port 80. The
 * command {@code false} exits with 7.
 */
final class FakePods implements PodAccess {
    /** Every pod that was asked for. */
    final Set<ObjectKey> reached = ConcurrentHashMap.newKeySet();

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        reached.add(pod);
        return new ByteArrayInputStream(
                ("hello from " + pod + "/" + options.container() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        reached.add(pod);
        PipedInputStream input = new PipedInputStream(64 * 1024);
        PipedOutputStream stdin;
        try {
            stdin = new PipedOutputStream(input);
            if (!options.stdin()) {
                stdin.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Process() {
            @Override
            public OutputStream stdin() {
                return stdin;
            }

            @Override
            public void resize(TerminalSize size) {}

            @Override
            public int waitFor() throws IOException {
                String line = String.join(" ", options.command()) + "\n";
                output.stdout().write(line.getBytes(StandardCharsets.UTF_8));
                output.stderr().write("warning\n".getBytes(StandardCharsets.UTF_8));
                input.transferTo(output.stdout());
                return options.command().contains("false") ? 7 : 0;
            }

            @Override
            public void close() {
                try {
                    stdin.close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        reached.add(pod);
        if (port != 80) {
            return Optional.empty();
        }
        PipedInputStream back = new PipedInputStream(64 * 1024);
        try {
            PipedOutputStream there = new PipedOutputStream(back);
            return Optional.of(
                    new PortStream() {
                        @Override
                        public InputStream input() {
                            return back;
                        }

                        @Override
                        public OutputStream output() {
                            return there;
                        }

                        @Override
                        public void close() {
                            try {
                                there.close();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        }
                    });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
