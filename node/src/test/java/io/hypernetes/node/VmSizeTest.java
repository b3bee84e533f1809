package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class VmSizeTest {

    @Test
    void aPodThatAsksForNothingGetsTheSmallestMachine() {
        assertThat(size("{\"containers\":[{}]}")).isEqualTo(new VmSize(128, 1));
    }

    @Test
    void containersAreAddedUpAndTheGuestItselfComesOnTop() {
        String each = "{\"resources\":{\"limits\":{\"memory\":\"100Mi\",\"cpu\":\"700m\"}}}";
        assertThat(size("{\"containers\":[" + each + "," + each + "]}"))
                .isEqualTo(new VmSize(384, 2));
    }

    @Test
    void theLargestInitContainerCountsWhenItIsLargerThanAllOthersTogether() {
        assertThat(
                        size(
                                "{\"containers\":[{}],\"initContainers\":[{\"resources\":"
                                        + "{\"requests\":{\"memory\":\"1Gi\"}}}]}"))
                .isEqualTo(new VmSize(1536, 1));
    }

    @Test
    void sidecarsRunBesideWhatComesAfterThem() {
        String sidecar =
                "{\"restartPolicy\":\"Always\",\"resources\":{\"limits\":{\"memory\":\"400Mi\"}}}";
        String other = "{\"resources\":{\"limits\":{\"memory\":\"%s\"}}}";
        assertThat(
                        size(
                                "{\"containers\":[%s],\"initContainers\":[%s,%s]}"
                                        .formatted(
                                                other.formatted("400Mi"),
                                                sidecar,
                                                other.formatted("200Mi"))))
                .isEqualTo(new VmSize(1024, 1));
    }

    /** KEP-2837. */
    @Test
    void whatThePodAsAWholeMayHaveIsThere() {
        String pod =
                "{\"resources\":{\"requests\":{\"cpu\":\"2\"},\"limits\":{\"memory\":\"400Mi\"}},\"containers\":[{\"resources\":{\"limits\":{\"memory\":\"10Mi\"}}}]}";
        assertThat(size(pod)).isEqualTo(new VmSize(512, 2));
    }

    @Test
    void sizesGoUpInStepsThatAreNeverMoreThanHalfTooLarge() {
        for (int wanted = 1; wanted < 100_000; wanted += 37) {
            int size = VmSize.step(wanted);
            assertThat(size).isGreaterThanOrEqualTo(wanted);
            assertThat(size).isLessThanOrEqualTo(Math.max(128, wanted * 3 / 2));
        }
    }

    private static VmSize size(String spec) {
        return VmSize.of(Json.parseObject(spec.getBytes(StandardCharsets.UTF_8)));
    }
}
