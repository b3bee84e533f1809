package io.hypernetes.server.streaming.spdy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;

/** Writes header blocks: one zlib stream over the whole session. Guarded by its user. */
final class HeaderEncoder implements AutoCloseable {
    private final Deflater deflater = new Deflater();

    HeaderEncoder() {
        deflater.setDictionary(HeaderDictionary.bytes());
    }

    byte[] encode(Map<String, String> headers) {
        deflater.setInput(plain(headers));
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        for (int count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                count > 0;
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) {
            block.write(buffer, 0, count);
            if (count < buffer.length) {
                break;
            }
        }
        return block.toByteArray();
    }

    private static byte[] plain(Map<String, String> headers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(headers.size());
            for (Map.Entry<String, String> header : headers.entrySet()) {
                for (String text : new String[] {header.getKey(), header.getValue()}) {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    out.writeInt(utf8.length);
                    out.write(utf8);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        deflater.end();
    }
}
