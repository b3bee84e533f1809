package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.http.Socket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The client of a remote command that speaks one of the WebSocket protocols. */
final class SocketCommand implements RemoteCommand.Client {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private static final Logger LOG = LoggerFactory.getLogger(SocketCommand.class);

    private final Channels channels;
    private final ExecOptions options;

    SocketCommand(Socket socket, ChannelProtocol protocol, ExecOptions options) {
        this.channels = new Channels(socket, protocol);
        this.options = options;
    }

    /** Clients of protocols before v5 wait for a first, empty message before they send. */
    void greet() throws IOException {
        if (!channels.protocol().closesChannels()) {
            channels.send(STDOUT, new byte[0]);
        }
    }

    @Override
    public OutputStream stdout() {
        return channels.output(STDOUT);
    }

    @Override
    public OutputStream stderr() {
        return channels.output(STDERR);
    }

    @Override
    public void feed(PodAccess.Process process) throws InterruptedException {
        Thread heart = channels.heartbeat(process::close);
        try {
            for (Optional<Channels.Message> message = channels.receive();
                    message.isPresent();
                    message = channels.receive()) {
                take(process, message.get());
            }
            // The client is gone; nobody would see the rest.
            process.close();
        } finally {
            heart.interrupt();
        }
    }

    private void take(PodAccess.Process process, Channels.Message message) {
        byte[] content = message.content();
        try {
            switch (message.channel()) {
                case STDIN -> {
                    if (options.stdin()) {
                        process.stdin().write(content);
                        process.stdin().flush();
                    }
                }
                case RESIZE -> TerminalSizes.parse(content).ifPresent(process::resize);
                case CLOSE -> {
                    if (channels.protocol().closesChannels()
                            && options.stdin()
                            && content.length == 1
                            && content[0] == STDIN) {
                        process.stdin().close();
                    }
                }
                default -> {}
            }
        } catch (IOException | ApiException e) {
            // The process took no more input: its end tells the client.
            LOG.debug("input of a remote command dropped: {}", e.getMessage());
        }
    }

    @Override
    public void finish(ObjectNode status) throws IOException {
        if (channels.protocol().tellsStatus()) {
            channels.send(ERROR, Json.write(status));
        } else if (!RemoteCommand.sentence(status).isEmpty()) {
            channels.send(ERROR, RemoteCommand.sentence(status).getBytes(StandardCharsets.UTF_8));
        }
        channels.close();
    }
}
