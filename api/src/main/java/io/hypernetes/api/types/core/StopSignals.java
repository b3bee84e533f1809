package io.hypernetes.api.types.core;

import java.util.List;
import java.util.regex.Pattern;

/** The signals that may end a container (KEP-4960). */
final class StopSignals {

    private static final Pattern FORM =
            Pattern.compile(
                    "SIG(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR"
                            + "|QUIT|SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2"
                            + "|VTALRM|WINCH|XCPU|XFSZ|RTMIN(\\+([1-9]|1[0-5]))?"
                            + "|RTMAX(-([1-9]|1[0-4]))?)");

    private StopSignals() {}

    static List<String> check(String signal) {
        return FORM.matcher(signal).matches()
                ? List.of()
                : List.of("must be the name of a signal, for instance SIGTERM");
    }
}
