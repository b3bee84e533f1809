package io.hypernetes.server.streaming;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The WebSocket sub-protocols: a message's first byte is its channel (for remote commands 0 stdin,
 * 1 stdout, 2 stderr, 3 error, 4 resize). In the base64 forms messages are text, the channel a
 * digit before the rest in base64. In v5, channel 255 closes another one (KEP-4006).
 */
enum ChannelProtocol {
    V5("v5.channel.k8s.io", false, true),
    V4("v4.channel.k8s.io", false, true),
    V4_BASE64("v4.base64.channel.k8s.io", true, true),
    V1("channel.k8s.io", false, false),
    V1_BASE64("base64.channel.k8s.io", true, false);

    /** Of remote commands, the best first. */
    static final List<ChannelProtocol> COMMANDS = List.of(values());

    /** Of forwarded ports named in the query, as before KEP-4006. */
    static final List<ChannelProtocol> PORTS = List.of(V4, V4_BASE64);

    private final String text;
    private final boolean base64;
    private final boolean status;

    ChannelProtocol(String text, boolean base64, boolean status) {
        this.text = text;
        this.base64 = base64;
        this.status = status;
    }

    static List<String> names(List<ChannelProtocol> known) {
        return known.stream().map(ChannelProtocol::protocolName).toList();
    }

    String protocolName() {
        return text;
    }

    /** Whether the client can say that its standard input ended. */
    boolean closesChannels() {
        return this == V5;
    }

    /** Whether the error channel carries a Status, else a sentence. */
    boolean tellsStatus() {
        return status;
    }

    boolean isText() {
        return base64;
    }

    /** The best that is offered. */
    static Optional<ChannelProtocol> choose(List<ChannelProtocol> known, List<String> offered) {
        return known.stream().filter(protocol -> offered.contains(protocol.text)).findFirst();
    }

    /** A message's channel; 0 to 255. */
    int channel(byte[] message) {
        return base64 ? message[0] - '0' & 0xff : message[0] & 0xff;
    }

    /** A message's content; empty when it is no base64 where it must be. */
    Optional<byte[]> content(byte[] message) {
        byte[] content = java.util.Arrays.copyOfRange(message, 1, message.length);
        if (!base64) {
            return Optional.of(content);
        }
        try {
            return Optional.of(Base64.getDecoder().decode(content));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A message of a base64 protocol. */
    String text(int channel, byte[] bytes, int offset, int length) {
        byte[] part = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        return (char) ('0' + channel)
                + new String(Base64.getEncoder().encode(part), StandardCharsets.US_ASCII);
    }
}
