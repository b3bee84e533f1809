package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a program ended.
 *
 * @param output both streams
 */
record Outcome(String command, int exit, String output) {

    Outcome succeeded() {
        assertThat(exit).as("exit code of '%s', which said: %s", command, output).isZero();
        return this;
    }

    Outcome failed() {
        assertThat(exit).as("exit code of '%s', which said: %s", command, output).isNotZero();
        return this;
    }

    /** Its output in one piece, without blank space at the ends. */
    String text() {
        return output.strip();
    }
}
