package io.hypernetes.server.streaming;

import java.util.List;
import java.util.Optional;

/**
 * The sub-protocols of remote commands: a message's first byte is its channel (0 stdin, 1 stdout, 2
 * stderr, 3 error, 4 resize). In v5, channel 255 closes another one (KEP-4006).
 */
enum ChannelProtocol {
    V5("v5.channel.k8s.io"),
    V4("v4.channel.k8s.io");

    private final String text;

    ChannelProtocol(String text) {
        this.text = text;
    }

    static List<String> names() {
        return List.of(V5.text, V4.text);
    }

    String protocolName() {
        return text;
    }

    /** Whether the client can say that its standard input ended. */
    boolean closesChannels() {
        return this == V5;
    }

    /** The best that is offered. */
    static Optional<ChannelProtocol> choose(List<String> offered) {
        for (ChannelProtocol protocol : values()) {
            if (offered.contains(protocol.text)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }
}
