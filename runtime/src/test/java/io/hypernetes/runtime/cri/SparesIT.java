package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.runtime.qemu.TestGuest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** Machines that stand by: the next sandbox has one, with nothing of its past in it. */
class SparesIT {

    @TempDir private Path folder = Path.of("");

    private static void await(Callable<Boolean> condition) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(3));
        while (!condition.call()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
    }

    private static String said(TestHyper hyper, String container, String script) {
        return hyper.exec(container, script).getStdout().toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void aSandboxTakesTheMachineThatStandsBy() throws Exception {
        TestHyper hyper = TestHyper.startWithSpare(folder);
        try {
            await(() -> hyper.spares() == 1);
            String spare = hyper.machines().getFirst();

            String sandbox = hyper.runSandbox("a", List.of());
            assertThat(sandbox).isEqualTo(spare);
            String container = hyper.runContainer(sandbox, "main", "sleep 1000");
            assertThat(said(hyper, container, "hostname")).isEqualTo("a");
            assertThat(said(hyper, container, "cat /etc/hosts /etc/resolv.conf; ip -o addr; mount"))
                    .doesNotContain("warm");
            long clock = Long.parseLong(said(hyper, container, "date +%s"));
            assertThat(Instant.ofEpochSecond(clock))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
            await(() -> hyper.spares() == 1);
            assertThat(hyper.machines()).hasSize(2);
        } finally {
            hyper.purge();
        }
        assertThat(TestGuest.processes(folder)).isEmpty();
    }
}
