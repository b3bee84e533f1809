package io.hypernetes.cli.cri;

import java.util.regex.Pattern;

/** What of a list is meant. */
final class Matching {

    private Matching() {}

    /** Nothing matches everything; a regular expression may match anywhere. */
    static boolean matches(String expression, String text) {
        return expression.isEmpty() || Pattern.compile(expression).matcher(text).find();
    }

    static long limit(boolean latest, int last) {
        if (latest) {
            return 1;
        }
        return last > 0 ? last : Long.MAX_VALUE;
    }
}
