package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The signals that may end a container: which there are is its system's affair (KEP-4960). */
final class StopSignals {

    private static final List<String> WINDOWS = List.of("SIGKILL", "SIGTERM");

    private static final String NAMED =
            "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV"
                    + " STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU"
                    + " XFSZ RTMIN RTMAX";

    private static final List<String> LINUX =
            Stream.of(
                            Stream.of(NAMED.split(" ", -1)),
                            IntStream.rangeClosed(1, 15).mapToObj(n -> "RTMIN+" + n),
                            IntStream.rangeClosed(1, 14).mapToObj(n -> "RTMAX-" + n))
                    .flatMap(names -> names)
                    .map(name -> "SIG" + name)
                    .sorted()
                    .toList();

    private StopSignals() {}

    /**
     * @param system the name in {@code spec.os} of the pod
     */
    static void check(Field signal, Field system) {
        if (!signal.isSet()) {
            return;
        }
        switch (system.text()) {
            case "windows" -> signal.oneOf(WINDOWS);
            case "linux", "" -> signal.ifGiven().oneOf(LINUX);
            default -> {
                // The system itself is told of.
            }
        }
    }
}
