package io.hypernetes.runtime.cri;

import com.google.protobuf.ByteString;

import io.grpc.Status;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.runtime.agent.ExecSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestProcess;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Runs a command to its end and keeps the start of what it says. */
final class SyncExec {

    /** Per stream; both together must fit into a message of gRPC's default size (4 MiB). */
    private static final int MAX_OUTPUT = 3 << 19;

    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);
    private static final Duration FOREVER = Duration.ofDays(365);

    private SyncExec() {}

    static ExecSyncResponse run(
            GuestAgent agent, String container, List<String> command, long timeoutSeconds)
            throws InterruptedException {
        Duration timeout = timeoutSeconds > 0 ? Duration.ofSeconds(timeoutSeconds) : FOREVER;
        try (GuestProcess process = agent.exec(container, new ExecSpec(command, false, false))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Thread outReader = reader(process.stdout(), out);
            Thread errReader = reader(process.stderr(), err);
            OptionalInt code = process.waitFor(timeout);
            if (code.isEmpty()) {
                throw Status.DEADLINE_EXCEEDED
                        .withDescription(
                                "the command did not end within " + timeoutSeconds + " seconds")
                        .asRuntimeException();
            }
            // A process left in the background may hold the streams open: it is not waited for.
            boolean unused = outReader.join(LAST_OUTPUT) && errReader.join(LAST_OUTPUT);
            return ExecSyncResponse.newBuilder()
                    .setStdout(ByteString.copyFrom(out.toByteArray()))
                    .setStderr(ByteString.copyFrom(err.toByteArray()))
                    .setExitCode(code.getAsInt())
                    .build();
        }
    }

    private static Thread reader(InputStream in, ByteArrayOutputStream kept) {
        return Thread.ofVirtual().name("exec output").start(() -> read(in, kept));
    }

    /** Reads on when the buffer is full, so that the process can end. */
    private static void read(InputStream in, ByteArrayOutputStream kept) {
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                kept.write(buffer, 0, Math.min(n, MAX_OUTPUT - kept.size()));
            }
        } catch (IOException e) {
            // the process was ended, or its machine: what was read stays
            kept.write(new byte[0], 0, 0);
        }
    }
}
