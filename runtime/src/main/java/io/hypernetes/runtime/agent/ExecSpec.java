package io.hypernetes.runtime.agent;

import java.util.List;

/**
 * A process to run in a container, with the container's environment, user, directory and limits.
 *
 * @param stdin whether it has a standard input; otherwise it reads end of file
 * @param tty whether it has a terminal; its errors then come with its output
 */
public record ExecSpec(List<String> args, boolean tty, boolean stdin) {
    public ExecSpec {
        args = List.copyOf(args);
    }
}
