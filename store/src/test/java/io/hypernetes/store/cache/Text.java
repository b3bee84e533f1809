package io.hypernetes.store.cache;

import java.nio.charset.StandardCharsets;

/** Serves a value as {@code value@revision}; the attachment is the text of the bytes. */
final class Text implements Projection<String> {

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] serve(byte[] stored, long revision) {
        return bytes(text(stored) + "@" + revision);
    }

    @Override
    public byte[] serveDeleted(byte[] served, long revision) {
        String text = text(served);
        return bytes(text.substring(0, text.lastIndexOf('@')) + "@" + revision);
    }

    @Override
    public String attach(CacheEntry<String> entry) {
        return text(entry.bytes());
    }
}
