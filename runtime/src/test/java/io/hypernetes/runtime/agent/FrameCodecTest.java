package io.hypernetes.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class FrameCodecTest {

    @Provide
    Arbitrary<Frame> frames() {
        // Runs of zeros and of other bytes of every length around 254 are where stuffing can fail.
        Arbitrary<byte[]> payloads =
                Arbitraries.bytes()
                        .edgeCases(edges -> edges.add((byte) 0, (byte) 1, (byte) 255))
                        .array(byte[].class)
                        .ofMaxSize(2000);
        Arbitrary<byte[]> uniform =
                Combinators.combine(Arbitraries.integers().between(0, 1100), Arbitraries.bytes())
                        .as((n, b) -> {
                            byte[] bytes = new byte[n];
                            Arrays.fill(bytes, b);
                            return bytes;
                        });
        return Combinators.combine(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers(),
                        Arbitraries.oneOf(payloads, uniform))
                .as(Frame::new);
    }

    @Provide
    Arbitrary<List<Frame>> sequences() {
        return frames().list().ofMaxSize(5);
    }

    @Property(tries = 300)
    void whatWasEncodedIsDecodedHoweverItIsCut(
            @ForAll("sequences") List<Frame> frames,
            @ForAll @IntRange(min = 1, max = 700) int cut) {
        byte[] bytes = encode(frames);

        List<Frame> decoded = new ArrayList<>();
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();
        for (int at = 0; at < bytes.length; at += cut) {
            decoder.feed(
                    ByteBuffer.wrap(bytes, at, Math.min(cut, bytes.length - at)), decoded::add);
        }

        assertThat(decoded).usingRecursiveComparison().isEqualTo(frames);
    }

    @Property(tries = 300)
    void afterAnyGarbageTheNextFrameIsFound(@ForAll byte[] garbage, @ForAll("frames") Frame frame) {
        List<Frame> decoded = new ArrayList<>();
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();

        decoder.feed(ByteBuffer.wrap(garbage), decoded::add);
        decoder.feed(ByteBuffer.wrap(FrameCodec.encode(frame)), decoded::add);

        assertThat(decoded).isNotEmpty();
        assertThat(decoded.getLast()).usingRecursiveComparison().isEqualTo(frame);
    }

    @Property(tries = 300)
    void aFrameThatWasCutOffIsDroppedAndTheNextOneIsWhole(
            @ForAll("frames") Frame broken, @ForAll("frames") Frame next, @ForAll int seed) {
        byte[] whole = FrameCodec.encode(broken);
        // The closing zero, and what stands before it, are missing.
        int kept = new Random(seed).nextInt(whole.length - 1);

        List<Frame> decoded = new ArrayList<>();
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();
        decoder.feed(ByteBuffer.wrap(whole, 0, kept), decoded::add);
        decoder.feed(ByteBuffer.wrap(FrameCodec.encode(next)), decoded::add);

        assertThat(decoded).usingRecursiveComparison().isEqualTo(List.of(next));
    }

    @Test
    void theLargestFramePassesAndALargerOneIsRefused() {
        Frame largest = new Frame(Frame.DATA, 1, new byte[Frame.MAX_PAYLOAD]);
        List<Frame> decoded = new ArrayList<>();

        new FrameCodec.Decoder().feed(ByteBuffer.wrap(FrameCodec.encode(largest)), decoded::add);

        assertThat(decoded).hasSize(1);
        assertThat(decoded.getFirst().payload()).hasSize(Frame.MAX_PAYLOAD);
        Frame larger = new Frame(Frame.DATA, 1, new byte[Frame.MAX_PAYLOAD + 1]);
        assertThatThrownBy(() -> FrameCodec.encode(larger))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndlessFrameIsPassedOver() {
        List<Frame> decoded = new ArrayList<>();
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();
        byte[] block = new byte[10_000];
        Arrays.fill(block, (byte) 1);
        for (int i = 0; i < 50; i++) {
            decoder.feed(ByteBuffer.wrap(block), decoded::add);
        }

        Frame next = new Frame(Frame.REPLY, 7, new byte[] {1, 0, 2});
        decoder.feed(ByteBuffer.wrap(FrameCodec.encode(next)), decoded::add);

        assertThat(decoded).usingRecursiveComparison().isEqualTo(List.of(next));
    }

    private static byte[] encode(List<Frame> frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frames.forEach(frame -> out.writeBytes(FrameCodec.encode(frame)));
        return out.toByteArray();
    }
}
