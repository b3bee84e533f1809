package io.hypernetes.server;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.server.outbound.LoopbackStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods whose commands are real processes of this machine, whose own process is a {@code cat}, and
 * whose ports are real ports of this machine's loopback.
 */
final class ProcessPods implements PodAccess {
    /** What listens in the pods: a pod's port to a port of this machine. */
    final Map<Integer, Integer> ports = new ConcurrentHashMap<>();

    /** Processes that have not ended. */
    final Set<java.lang.Process> running = ConcurrentHashMap.newKeySet();

    /** Sizes that terminals were given. */
    final List<TerminalSize> sizes = java.util.Collections.synchronizedList(new ArrayList<>());

    @Override
    public InputStream logs(ObjectKey pod, LogOptions options) {
        return new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Process exec(ObjectKey pod, ExecOptions options, Output output) {
        List<String> command = options.command().isEmpty() ? List.of("cat") : options.command();
        if (options.tty()) {
            String line = String.join(" ", command);
            command = List.of("script", "-qefc", line, "/dev/null");
        }
        try {
            java.lang.Process process = new ProcessBuilder(command).start();
            running.add(process);
            Thread out = copy(process.getInputStream(), output.stdout(), process);
            Thread err = copy(process.getErrorStream(), output.stderr(), process);
            if (!options.stdin()) {
                process.getOutputStream().close();
            }
            return new Running(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread copy(InputStream in, OutputStream out, java.lang.Process process) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        byte[] buffer = new byte[64 * 1024];
                        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                            out.write(buffer, 0, count);
                            out.flush();
                        }
                    } catch (IOException e) {
                        process.destroy(); // the client is gone
                    }
                });
    }

    private final class Running implements Process {
        private final java.lang.Process process;
        private final Thread out;
        private final Thread err;

        Running(java.lang.Process process, Thread out, Thread err) {
            this.process = process;
            this.out = out;
            this.err = err;
        }

        @Override
        public OutputStream stdin() {
            return process.getOutputStream();
        }

        @Override
        public void resize(TerminalSize size) {
            sizes.add(size);
        }

        @Override
        public int waitFor() throws InterruptedException {
            int code = process.waitFor();
            out.join();
            err.join();
            running.remove(process);
            return code;
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    @Override
    public Optional<PortStream> connect(ObjectKey pod, int port) {
        Integer real = ports.get(port);
        if (real == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new LoopbackStream(real));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
