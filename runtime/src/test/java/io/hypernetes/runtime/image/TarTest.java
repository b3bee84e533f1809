package io.hypernetes.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

class TarTest {

    @Property(tries = 200)
    void whatIsWrittenIsReadBack(
            @ForAll @StringLength(min = 1, max = 400) @AlphaChars String name,
            @ForAll @IntRange(max = 07777) int mode,
            @ForAll @LongRange(max = 0xffff_ffffL) long uid,
            @ForAll @LongRange(min = -5, max = 1L << 40) long modified,
            @ForAll byte[] xattr,
            @ForAll @Size(max = 2000) byte[] content)
            throws IOException {
        TarEntry entry =
                new TarEntry(
                        name,
                        TarEntry.Type.FILE,
                        mode,
                        uid,
                        uid / 2,
                        content.length,
                        modified,
                        "",
                        0,
                        0,
                        Map.of("security.capability", xattr));
        byte[] tar = Tars.of(new Tars.Member(entry, content));

        TarReader reader = new TarReader(new ByteArrayInputStream(tar));
        TarEntry read = reader.next().orElseThrow();
        assertThat(read.name()).isEqualTo(name);
        assertThat(read.mode()).isEqualTo(mode);
        assertThat(read.uid()).isEqualTo(uid);
        assertThat(read.modified()).isEqualTo(modified);
        assertThat(read.xattrs().get("security.capability")).isEqualTo(xattr);
        assertThat(Tars.content(reader)).isEqualTo(content);
        assertThat(reader.next()).isEmpty();
    }

    @Property(tries = 50)
    void anotherReaderUnderstandsWhatIsWritten(
            @ForAll @StringLength(min = 1, max = 300) @AlphaChars String name,
            @ForAll @LongRange(max = 0xffff_ffffL) long uid,
            @ForAll @Size(max = 1000) byte[] content)
            throws IOException {
        TarEntry entry =
                new TarEntry(
                        name,
                        TarEntry.Type.FILE,
                        0640,
                        uid,
                        7,
                        content.length,
                        9,
                        "",
                        0,
                        0,
                        Map.of());
        byte[] tar = Tars.of(new Tars.Member(entry, content));

        try (var other = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            TarArchiveEntry read = other.getNextEntry();
            assertThat(read.getName()).isEqualTo(name);
            assertThat(read.getLongUserId()).isEqualTo(uid);
            assertThat(other.readAllBytes()).isEqualTo(content);
        }
    }

    @Property(tries = 50)
    void whatAnotherWriterWroteIsUnderstood(
            @ForAll @StringLength(min = 1, max = 300) @AlphaChars String name,
            @ForAll boolean posix,
            @ForAll @Size(max = 1000) byte[] content)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (var other = new TarArchiveOutputStream(out)) {
            other.setLongFileMode(
                    posix
                            ? TarArchiveOutputStream.LONGFILE_POSIX
                            : TarArchiveOutputStream.LONGFILE_GNU);
            TarArchiveEntry entry = new TarArchiveEntry(name);
            entry.setSize(content.length);
            other.putArchiveEntry(entry);
            other.write(content);
            other.closeArchiveEntry();
        }

        TarReader reader = new TarReader(new ByteArrayInputStream(out.toByteArray()));
        Optional<TarEntry> read = reader.next();
        assertThat(read.orElseThrow().name()).isEqualTo(name);
        assertThat(Tars.content(reader)).isEqualTo(content);
    }

    @Property(tries = 500)
    void noiseIsRefusedAndNeverLoops(@ForAll @Size(min = 512, max = 2048) byte[] noise) {
        assertThatThrownBy(
                        () -> {
                            TarReader reader = new TarReader(new ByteArrayInputStream(noise));
                            while (reader.next().isPresent()) {
                                Tars.content(reader);
                            }
                            // all zeros is an empty tar file
                            throw ImageException.invalid("ended");
                        })
                .isInstanceOfAny(ImageException.class, IOException.class);
    }

    @Test
    void aFlippedBitInAHeaderIsNoticed() throws IOException {
        byte[] tar = Tars.of(Tars.file("a", "x"));
        tar[3] ^= 1;
        assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(tar)).next())
                .hasMessageContaining("damaged");
    }
}
