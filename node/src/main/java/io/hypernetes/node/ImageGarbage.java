package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.v1.Image;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes images that nobody uses when their file system fills up, those unused for longest first,
 * until it is under a lower mark: the rules and the marks of upstream's kubelet.
 *
 * <p>One thread at a time. What it remembers is lost with the program; images it finds then are as
 * old as can be.
 */
final class ImageGarbage {

    private static final Logger LOG = LoggerFactory.getLogger(ImageGarbage.class);

    /**
     * @param high percent of use from which images are removed
     * @param low percent of use down to which
     * @param minimumAge before which an image is never removed: it is about to be used
     */
    record Marks(int high, int low, Duration minimumAge) {
        static final Marks DEFAULT = new Marks(85, 80, Duration.ofMinutes(2));
    }

    /** The runtime, as far as its images go. */
    interface Images {
        /** Of all tenants. */
        List<Image> list();

        /** Ids of those that containers are made of, running or not. */
        Set<String> used();

        void remove(String id);
    }

    private record Seen(Instant first, Instant used) {}

    private record Unused(Image image, Seen seen) {}

    private final Images images;
    private final Marks marks;
    private final Clock clock;
    private final Map<String, Seen> seen = new HashMap<>();
    private boolean begun;

    ImageGarbage(Images images, Marks marks, Clock clock) {
        this.images = images;
        this.marks = marks;
        this.clock = clock;
    }

    /**
     * Looks at what is there, and makes room when too little is left.
     *
     * @return what it could not free of what it wanted to; 0 when all is well
     */
    long pass(Disk disk) {
        try {
            look();
            int percent = disk.usedPercent();
            if (percent < marks.high()) {
                return 0;
            }
            long wanted = disk.totalBytes() * (100 - marks.low()) / 100 - disk.availableBytes();
            return Math.max(0, wanted - free(wanted));
        } catch (StatusRuntimeException e) {
            LOG.warn("unused images are looked for again later: {}", PodRuntime.message(e));
            return 0;
        }
    }

    /** All that may go, for a node under pressure. */
    void freeAll() {
        try {
            look();
            long freed = free(Long.MAX_VALUE);
            LOG.info("removed unused images of {} bytes", freed);
        } catch (StatusRuntimeException e) {
            LOG.warn("unused images cannot be removed: {}", PodRuntime.message(e));
        }
    }

    private void look() {
        Instant now = clock.instant();
        Set<String> used = images.used();
        Map<String, Seen> current = new HashMap<>();
        for (Image image : images.list()) {
            Seen before = seen.get(image.getId());
            Instant first = before != null ? before.first() : begun ? now : Instant.EPOCH;
            Instant last =
                    used.contains(image.getId())
                            ? now
                            : before == null ? Instant.EPOCH : before.used();
            current.put(image.getId(), new Seen(first, last));
        }
        begun = true;
        seen.clear();
        seen.putAll(current);
    }

    private long free(long wanted) {
        Instant now = clock.instant();
        Set<String> used = images.used();
        List<Unused> candidates = new ArrayList<>();
        for (Image image : images.list()) {
            Seen known = seen.get(image.getId());
            if (known != null
                    && !image.getPinned()
                    && !used.contains(image.getId())
                    && !known.first().plus(marks.minimumAge()).isAfter(now)) {
                candidates.add(new Unused(image, known));
            }
        }
        candidates.sort(
                Comparator.comparing((Unused one) -> one.seen().used())
                        .thenComparing(one -> one.seen().first()));
        long freed = 0;
        for (Unused one : candidates) {
            if (freed >= wanted) {
                break;
            }
            Image image = one.image();
            LOG.info("removing image {} of {} bytes, unused", image.getId(), image.getSize());
            images.remove(image.getId());
            seen.remove(image.getId());
            freed += image.getSize();
        }
        return freed;
    }
}
