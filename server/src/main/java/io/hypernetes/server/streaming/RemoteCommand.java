package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.output.Statuses;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;

/**
 * One exec or attach: the session's thread waits for the process, another reads what the client
 * sends. The process' output is written to the client by the threads that produce it.
 */
record RemoteCommand(PodAccess pods, ObjectKey pod, ExecOptions options) {

    /** The client's end, whatever protocol it speaks. */
    interface Client {
        OutputStream stdout();

        OutputStream stderr();

        /**
         * Hands on what the client sends, until the process ends (then this thread is interrupted
         * or what it waits for fails) or the client is gone: then it closes the process.
         */
        void feed(PodAccess.Process process) throws InterruptedException;

        /** Tells how it ended, as a Status, and closes. */
        void finish(ObjectNode status) throws IOException;
    }

    void run(Client client) throws IOException, InterruptedException {
        Output output = new Output(client.stdout(), client.stderr());
        ObjectNode status;
        try (PodAccess.Process process = pods.exec(pod, options, output)) {
            Thread input =
                    Thread.ofVirtual()
                            .name("exec-input")
                            .start(() -> {
                                try {
                                    client.feed(process);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            try {
                status = outcome(process.waitFor());
            } finally {
                input.interrupt();
            }
        } catch (ApiException e) {
            status = Statuses.failure(e.status());
        } catch (IOException e) {
            status =
                    Statuses.failure(
                            Status.of(
                                    Reason.INTERNAL_ERROR,
                                    "the connection to the pod broke: " + e.getMessage()));
        }
        client.finish(status);
    }

    /** The shape that client-go reads an exit code from. */
    private static ObjectNode outcome(int exitCode) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (exitCode == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure");
        status.put(
                "message", "command terminated with non-zero exit code: exit status " + exitCode);
        status.put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(exitCode));
        return status;
    }

    /** How protocols before the fourth tell of an end: nothing, or a sentence. */
    static String sentence(ObjectNode status) {
        return status.path("status").asString("").equals("Success")
                ? ""
                : status.path("message").asString("");
    }
}
