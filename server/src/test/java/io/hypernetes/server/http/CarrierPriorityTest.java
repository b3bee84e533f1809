package io.hypernetes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.http.Pace.Turn;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class CarrierPriorityTest {

    @Test
    void isLowWhileSomethingIsComputed() throws ExecutionException, InterruptedException {
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            thread.submit(
                            () -> {
                                try (Turn _ = CarrierPriority.lower()) {
                                    assertThat(nice())
                                            .isEqualTo(
                                                    CarrierPriority.works()
                                                            ? CarrierPriority.LOWEST
                                                            : 0);
                                }
                                assertThat(nice()).isZero();
                                return true;
                            })
                    .get();
        }
    }

    @Test
    void worksForTheRoot() {
        assertThat(CarrierPriority.works())
                .isEqualTo(
                        CarrierPriority.class.getModule().isNativeAccessEnabled()
                                && System.getProperty("user.name").equals("root"));
    }

    /** Field 19 of proc_pid_stat(5), of the thread that reads it. */
    private static int nice() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }
}
