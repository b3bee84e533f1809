package io.hypernetes.server.streaming.spdy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.server.http.RawConnection;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Adler32;

class SpdySessionTest {
    /** A connection on which everything was sent already, and everything said is kept. */
    private record Recorded(InputStream input, ByteArrayOutputStream said)
            implements RawConnection {
        Recorded(byte[] sent) {
            this(new ByteArrayInputStream(sent), new ByteArrayOutputStream());
        }

        @Override
        public OutputStream output() {
            return said;
        }

        @Override
        public void close() {}

        List<Frame> answers() throws IOException {
            List<Frame> frames = new ArrayList<>();
            try (FrameReader reader =
                    new FrameReader(new ByteArrayInputStream(said.toByteArray()))) {
                for (Optional<Frame> frame = reader.next();
                        frame.isPresent();
                        frame = reader.next()) {
                    frames.add(frame.get());
                }
            }
            return frames;
        }
    }

    private interface Script {
        void write(FrameWriter writer) throws IOException;
    }

    private static byte[] frames(Script script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (FrameWriter writer = new FrameWriter(bytes)) {
            script.write(writer);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theDictionaryIsThatOfTheSpecification() {
        Adler32 sum = new Adler32();
        sum.update(HeaderDictionary.bytes());
        assertThat(sum.getValue()).isEqualTo(0xe3c6a7c2L);
        assertThat(HeaderDictionary.bytes()).hasSize(1423);
    }

    @Test
    void aStreamIsAnsweredAndItsBytesArrive() throws Exception {
        Recorded connection =
                new Recorded(
                        frames(writer -> {
                            writer.open(1, false, Map.of("streamtype", "data", "port", "80"));
                            writer.data(1, false, text("hello "), 0, 6);
                            writer.ping(7);
                            writer.data(1, true, text("world"), 0, 5);
                        }));
        List<SpdyStream> opened = new ArrayList<>();
        try (SpdySession session = new SpdySession(connection)) {
            session.run(opened::add);
        }
        SpdyStream stream = opened.getFirst();
        assertThat(stream.header("streamtype")).isEqualTo("data");
        assertThat(stream.input().readAllBytes()).isEqualTo(text("hello world"));
        assertThat(connection.answers())
                .contains(new Frame.SynReply(1, false, Map.of()), new Frame.Ping(7));
    }

    @Test
    void aLongFrameIsReadInPieces() throws Exception {
        byte[] content = new byte[1_000_000];
        byte[] bytes = frames(writer -> writer.data(3, true, content, 0, content.length));
        int length = 0;
        try (FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes))) {
            for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                Frame.Data data = (Frame.Data) frame.get();
                assertThat(data.bytes().length).isLessThanOrEqualTo(32 * 1024);
                length += data.bytes().length;
                assertThat(data.fin()).isEqualTo(length == content.length);
            }
        }
        assertThat(length).isEqualTo(content.length);
    }

    @Test
    void theStreamsOfASessionAreBounded() throws Exception {
        Recorded connection =
                new Recorded(
                        frames(writer -> {
                            for (int i = 0; i <= SpdySession.MOST_STREAMS; i++) {
                                writer.open(2 * i + 1, false, Map.of());
                            }
                        }));
        List<SpdyStream> opened = new ArrayList<>();
        try (SpdySession session = new SpdySession(connection)) {
            session.run(opened::add);
        }
        assertThat(opened).hasSize(SpdySession.MOST_STREAMS);
        assertThat(connection.answers())
                .contains(
                        new Frame.RstStream(
                                2 * SpdySession.MOST_STREAMS + 1, Frame.REFUSED_STREAM));
    }

    @Test
    void aHeaderBlockThatGrowsTooLongEndsTheSession() throws Exception {
        Map<String, String> long_ = Map.of("a", "x".repeat(1_000_000));
        byte[] bytes = frames(writer -> writer.open(1, false, long_));
        assertThat(bytes.length).isLessThan(FrameReader.MOST_CONTROL_BYTES);
        assertThatThrownBy(() -> new FrameReader(new ByteArrayInputStream(bytes)).next())
                .isInstanceOf(SpdyException.class)
                .hasMessageContaining("longer");
        Recorded connection = new Recorded(bytes);
        try (SpdySession session = new SpdySession(connection)) {
            session.run(stream -> {
                throw new AssertionError("not opened");
            });
        }
        assertThat(connection.answers()).contains(new Frame.GoAway(0, Frame.PROTOCOL_ERROR));
    }

    @Test
    void aPeerThatCountsIsSentNoMoreThanItsWindow() throws Exception {
        Recorded connection =
                new Recorded(
                        frames(writer -> {
                            writer.open(1, false, Map.of());
                            writer.windowUpdate(1, 1000);
                            writer.data(1, true, new byte[0], 0, 0);
                        }));
        List<SpdyStream> opened = new ArrayList<>();
        try (SpdySession session = new SpdySession(connection)) {
            session.run(stream -> {
                opened.add(stream);
            });
            assertThatThrownBy(
                            () -> {
                                try (OutputStream out = opened.getFirst().output()) {
                                    out.write(new byte[70_000]);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
    }

    @Property
    void headersComeOutAsTheyWentIn(
            @ForAll @Size(max = 20)
                    Map<@AlphaChars @StringLength(min = 1, max = 20) String, @AlphaChars String>
                            first,
            @ForAll @Size(max = 20)
                    Map<@AlphaChars @StringLength(max = 20) String, @AlphaChars String> second)
            throws IOException {
        try (HeaderEncoder encoder = new HeaderEncoder();
                HeaderDecoder decoder = new HeaderDecoder()) {
            for (Map<String, String> headers : List.of(lower(first), lower(second))) {
                assertThat(decoder.decode(encoder.encode(headers))).isEqualTo(headers);
            }
        }
    }

    private static Map<String, String> lower(Map<String, String> headers) {
        Map<String, String> lower = new java.util.LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return lower;
    }

    @Property
    void anyBytesAreFramesOrAnIoException(@ForAll byte[] bytes) throws IOException {
        read(bytes);
    }

    /** Frames of the right shape, with anything in them. */
    @Property
    void anyControlFrameIsReadOrRefused(@ForAll byte type, @ForAll byte flags, @ForAll byte[] body)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x80, 3, 0, (byte) (type & 0xf), flags, 0});
        bytes.write(body.length >> 8);
        bytes.write(body.length);
        bytes.writeBytes(body);
        read(bytes.toByteArray());
    }

    /** True frames with some bytes changed. */
    @Property
    void brokenFramesAreReadOrRefused(@ForAll int position, @ForAll byte changed)
            throws IOException {
        byte[] bytes =
                frames(writer -> {
                    writer.open(1, false, Map.of("streamtype", "error", "port", "80"));
                    writer.open(3, false, Map.of("streamtype", "data", "port", "80"));
                    writer.data(3, true, text("content"), 0, 7);
                    writer.reset(1, Frame.CANCEL);
                });
        bytes[Math.floorMod(position, bytes.length)] = changed;
        read(bytes);
        Recorded connection = new Recorded(bytes);
        try (SpdySession session = new SpdySession(connection)) {
            session.run(SpdyStream::use);
        }
    }

    private static void read(byte[] bytes) throws IOException {
        try (FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes))) {
            while (reader.next().isPresent()) {
                // on to the next
            }
        } catch (SpdyException | EOFException e) {
            assertThat(e).isNotNull();
        }
    }
}
