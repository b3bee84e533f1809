package io.hypernetes.runtime.image;

import java.util.Map;

/**
 * The header of one member of a tar file. Names are bytes of no known encoding; they are kept as
 * ISO 8859-1 strings, which loses nothing.
 *
 * @param mode permission bits with set-id and sticky bits
 * @param size of the content, zero for all but files
 * @param modified seconds since the epoch
 * @param link target of a symbolic or hard link; empty for others
 * @param xattrs extended attributes; the arrays must not be changed
 */
record TarEntry(
        String name,
        Type type,
        int mode,
        long uid,
        long gid,
        long size,
        long modified,
        String link,
        int deviceMajor,
        int deviceMinor,
        Map<String, byte[]> xattrs) {

    /** What a member is, with its type flag (POSIX.1-2001, ustar). */
    enum Type {
        FILE('0'),
        HARD_LINK('1'),
        SYMBOLIC_LINK('2'),
        CHARACTER_DEVICE('3'),
        BLOCK_DEVICE('4'),
        DIRECTORY('5'),
        FIFO('6');

        final char flag;

        Type(char flag) {
            this.flag = flag;
        }
    }

    static TarEntry directory(String name) {
        return new TarEntry(name, Type.DIRECTORY, 0755, 0, 0, 0, 0, "", 0, 0, Map.of());
    }

    static TarEntry file(String name, int mode, long size) {
        return new TarEntry(name, Type.FILE, mode, 0, 0, size, 0, "", 0, 0, Map.of());
    }

    /** The same file under another name. */
    TarEntry named(String other) {
        return new TarEntry(
                other,
                type,
                mode,
                uid,
                gid,
                size,
                modified,
                link,
                deviceMajor,
                deviceMinor,
                xattrs);
    }

    /** A hard link to this file. */
    TarEntry hardLink(String other) {
        return new TarEntry(
                other, Type.HARD_LINK, mode, uid, gid, 0, modified, name, 0, 0, Map.of());
    }
}
