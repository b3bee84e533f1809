package io.hypernetes.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.ZonedDateTime;

final class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    */15 * * * *        | 2026-03-01T10:07:12Z | 2026-03-01T10:15Z
                    0 0 * * *           | 2026-03-01T00:00:00Z | 2026-03-02T00:00Z
                    30 9-17/4 * * 1-5   | 2026-03-06T17:30:00Z | 2026-03-09T09:30Z
                    0 12 13 * FRI       | 2026-03-01T00:00:00Z | 2026-03-06T12:00Z
                    0 12 13 * *         | 2026-03-01T00:00:00Z | 2026-03-13T12:00Z
                    5,10 4 1 jan,JUL ?  | 2026-01-01T04:05:00Z | 2026-01-01T04:10Z
                    0 0 29 2 *          | 2026-03-01T00:00:00Z | 2028-02-29T00:00Z
                    @weekly             | 2026-03-04T00:00:00Z | 2026-03-08T00:00Z
                    @every 90s          | 2026-03-04T00:00:00Z | 2026-03-04T00:01:30Z
                    30 2 * * *          | 2026-03-28T23:00:00+01:00[Europe/Berlin] | 2026-03-30T02:30+02:00[Europe/Berlin]
                    """)
    void theNextTime(String schedule, String after, String expected) {
        assertThat(CronSchedule.parse(schedule).after(ZonedDateTime.parse(after)))
                .contains(ZonedDateTime.parse(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    * * * * *   | 2020-01-01T00:00:00Z | 2026-03-01T10:07Z
                    0 3 * * *   | 2026-02-01T00:00:00Z | 2026-03-01T03:00Z
                    0 3 1 1 *   | 2020-02-01T00:00:00Z | 2026-01-01T03:00Z
                    @every 1h   | 2026-03-01T08:00:00Z | 2026-03-01T10:00Z
                    """)
    void theLastTimeThatWasMissed(String schedule, String from, String expected) {
        ZonedDateTime now = ZonedDateTime.parse("2026-03-01T10:07:12Z");
        assertThat(CronSchedule.parse(schedule).last(ZonedDateTime.parse(from), now))
                .contains(ZonedDateTime.parse(expected));
    }

    @Test
    void nothingIsMissedBeforeItsTimeAndSomeTimesNeverCome() {
        ZonedDateTime now = ZonedDateTime.parse("2026-03-01T10:07:12Z");
        assertThat(CronSchedule.parse("0 12 * * *").last(now.minusHours(1), now)).isEmpty();
        assertThat(CronSchedule.parse("@every 1h").last(now.minusMinutes(59), now)).isEmpty();
        assertThat(CronSchedule.parse("0 0 30 2 *").after(now)).isEmpty();
        assertThatThrownBy(() -> CronSchedule.parse("61 * * * *"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
