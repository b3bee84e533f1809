package io.hypernetes.runtime.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** Tar files made by hand. */
final class Tars {

    @SuppressWarnings("ArrayRecordComponent")
    record Member(TarEntry entry, byte[] content) {}

    private Tars() {}

    static byte[] of(Member... members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter writer = new TarWriter(bytes);
        for (Member member : members) {
            int[] at = {0};
            writer.write(
                    member.entry,
                    (buffer, offset, length) -> {
                        int n = Math.min(length, member.content.length - at[0]);
                        System.arraycopy(member.content, at[0], buffer, offset, n);
                        at[0] += n;
                        return n;
                    });
        }
        writer.finish();
        return bytes.toByteArray();
    }

    static Member file(String name, String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return new Member(TarEntry.file(name, 0644, bytes.length), bytes);
    }

    static Member executable(String name, byte[] bytes) {
        return new Member(TarEntry.file(name, 0755, bytes.length), bytes);
    }

    static Member directory(String name) {
        return new Member(TarEntry.directory(name), new byte[0]);
    }

    static Member symlink(String name, String target) {
        return link(name, target, TarEntry.Type.SYMBOLIC_LINK);
    }

    static Member hardLink(String name, String target) {
        return link(name, target, TarEntry.Type.HARD_LINK);
    }

    private static Member link(String name, String target, TarEntry.Type type) {
        return new Member(
                new TarEntry(name, type, 0777, 0, 0, 0, 0, target, 0, 0, Map.of()), new byte[0]);
    }

    static byte[] content(TarReader reader) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[333];
        for (int n = reader.read(buffer, 0, 333); n >= 0; n = reader.read(buffer, 0, 333)) {
            bytes.write(buffer, 0, n);
        }
        return bytes.toByteArray();
    }
}
