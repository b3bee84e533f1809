package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.Signal;

import java.util.List;
import java.util.Locale;

/** Linux signal numbers (x86-64, signal(7)) by name. */
final class Signals {

    static final int KILL = 9;
    static final int TERM = 15;

    private static final int RTMIN = 34;
    private static final int RTMAX = 64;

    /** The name at place n is that of signal n + 1. */
    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    private Signals() {}

    /** The signal to stop a container with: what its pod says, else its image, else TERM. */
    static int stopSignal(Signal ofPod, String ofImage) {
        if (ofPod != Signal.SIGNAL_RUNTIME_DEFAULT && ofPod != Signal.UNRECOGNIZED) {
            return number(ofPod.name().substring("SIGNAL_".length()));
        }
        return number(ofImage);
    }

    /** A name with or without SIG, or a number; TERM for what is neither. */
    static int number(String text) {
        String name = text.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
        if (name.matches("[0-9]{1,2}")) {
            int number = Integer.parseInt(name);
            return number >= 1 && number <= RTMAX ? number : TERM;
        }
        if (name.matches("RTMIN((\\+|PLUS)[0-9]{1,2})?")) {
            return Math.min(RTMAX, RTMIN + digits(name));
        }
        if (name.matches("RTMAX((-|MINUS)[0-9]{1,2})?")) {
            return Math.max(RTMIN, RTMAX - digits(name));
        }
        return switch (name) {
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            default -> NAMES.indexOf(name) < 0 ? TERM : NAMES.indexOf(name) + 1;
        };
    }

    private static int digits(String name) {
        String digits = name.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
