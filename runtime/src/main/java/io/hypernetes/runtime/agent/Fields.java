package io.hypernetes.runtime.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** Builds a payload: numbers are big-endian, a string is u32 length, UTF-8 and a zero byte. */
final class Fields {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Fields u8(int value) {
        return number(value, 1);
    }

    Fields flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    Fields u16(int value) {
        return number(value, 2);
    }

    Fields u32(long value) {
        return number(value, 4);
    }

    Fields u64(long value) {
        return number(value, 8);
    }

    Fields raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Fields blob(byte[] bytes) {
        return u32(bytes.length).raw(bytes);
    }

    Fields string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new AgentException(
                    AgentException.Reason.INVALID, "a text may not contain a zero character");
        }
        return blob(text.getBytes(StandardCharsets.UTF_8)).u8(0);
    }

    Fields strings(Collection<String> texts) {
        u32(texts.size());
        texts.forEach(this::string);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private Fields number(long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
        return this;
    }
}
