package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cri.v1.Image;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A disk of 1,000 bytes with images of 100. */
class ImageGarbageTest {

    private Instant now = Instant.parse("2026-01-02T00:00:00Z");
    private final List<Image> present = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private final ImageGarbage garbage =
            new ImageGarbage(
                    new ImageGarbage.Images() {
                        @Override
                        public List<Image> list() {
                            return List.copyOf(present);
                        }

                        @Override
                        public Set<String> used() {
                            return Set.copyOf(used);
                        }

                        @Override
                        public void remove(String id) {
                            present.removeIf(image -> image.getId().equals(id));
                        }
                    },
                    ImageGarbage.Marks.DEFAULT,
                    new Ticking());

    private final class Ticking extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private void bring(String... ids) {
        for (String id : ids) {
            present.add(Image.newBuilder().setId(id).setSize(100).build());
        }
    }

    private List<String> left() {
        return present.stream().map(Image::getId).toList();
    }

    private long pass(int usedPercent) {
        return garbage.pass(new Disk(1000, 1000 - usedPercent * 10L));
    }

    @Test
    void nothingGoesBelowTheUpperMark() {
        bring("a", "b");
        assertThat(pass(84)).isZero();
        assertThat(left()).containsExactly("a", "b");
    }

    @Test
    void theLongestUnusedGoFirstUntilTheLowerMark() {
        bring("old", "running", "lately");
        used.addAll(Set.of("running", "lately"));
        assertThat(pass(10)).isZero();
        now = now.plusSeconds(60);
        used.remove("lately");
        assertThat(pass(90)).isZero(); // 100 bytes are wanted: one image
        assertThat(left()).containsExactly("running", "lately");
        assertThat(pass(95)).isEqualTo(50); // 150 are wanted
        assertThat(left()).containsExactly("running");
        assertThat(pass(95)).isEqualTo(150);
        assertThat(left()).containsExactly("running");
    }

    @Test
    void whatHasJustComeStaysForAWhile() {
        assertThat(pass(10)).isZero();
        bring("new");
        assertThat(pass(99)).isPositive();
        assertThat(left()).containsExactly("new");
        now = now.plus(Duration.ofMinutes(3));
        assertThat(pass(88)).isZero();
        assertThat(left()).isEmpty();
    }

    @Test
    void whatTheOperatorHasBroughtStays() {
        present.add(Image.newBuilder().setId("own").setSize(100).setPinned(true).build());
        assertThat(pass(99)).isPositive();
        garbage.freeAll();
        assertThat(left()).containsExactly("own");
    }
}
