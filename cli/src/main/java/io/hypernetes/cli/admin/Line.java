package io.hypernetes.cli.admin;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** One JSON object to a line, each way. */
final class Line {
    private static final int MOST = 64 * 1024;

    private Line() {}

    static byte[] of(ObjectNode tree) {
        byte[] json = Json.write(tree);
        byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    static ObjectNode read(SocketChannel channel) throws IOException {
        InputStream in = Channels.newInputStream(channel);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() == MOST) {
                throw new IOException("the line was cut off");
            }
            line.write(b);
        }
        return Json.parseObject(line.toByteArray());
    }

    static void write(SocketChannel channel, byte[] line) throws IOException {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
