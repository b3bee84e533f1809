package io.hypernetes.node.crictl;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Joins a command's streams at an address of a streaming server to those of this program. */
final class RemoteCommand {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int BUFFER = 32 * 1024;

    /** When the connection ends without a word about the command. */
    private static final int UNKNOWN = 255;

    private RemoteCommand() {}

    /**
     * @param input empty when the command has none
     * @return the exit code
     */
    static int run(URI address, Optional<InputStream> input, OutputStream out, OutputStream err)
            throws IOException {
        try (ChannelSocket socket =
                ChannelSocket.open(address, ChannelSocket.V5, ChannelSocket.V4)) {
            input.ifPresent(
                    in -> Thread.ofPlatform().daemon().name("stdin").start(() -> pump(in, socket)));
            int exit = UNKNOWN;
            for (Optional<ChannelSocket.Message> next = socket.receive();
                    next.isPresent();
                    next = socket.receive()) {
                byte[] content = next.get().content();
                switch (next.get().channel()) {
                    case STDOUT -> write(out, content);
                    case STDERR -> write(err, content);
                    case STATUS -> exit = exitCode(Json.parse(content), err);
                    default -> {}
                }
            }
            return exit;
        }
    }

    private static void write(OutputStream target, byte[] content) throws IOException {
        target.write(content);
        target.flush();
    }

    private static void pump(InputStream in, ChannelSocket socket) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                socket.send(STDIN, buffer, count);
            }
            socket.end(STDIN);
        } catch (IOException e) {
            // The command takes no more: how it ended is what the other direction says.
            return;
        }
    }

    /** Of the Status that ends a command; one that says why there is no code is shown. */
    private static int exitCode(JsonNode status, OutputStream err) throws IOException {
        if (status.path("status").asString("").equals("Success")) {
            return 0;
        }
        for (JsonNode cause : status.path("details").path("causes")) {
            if (cause.path("reason").asString("").equals("ExitCode")) {
                return Integer.parseInt(cause.path("message").asString(""));
            }
        }
        write(err, (status.path("message").asString("") + "\n").getBytes(StandardCharsets.UTF_8));
        return UNKNOWN;
    }
}
