package io.hypernetes.cli;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code hypernetes whoami}. */
@Command(
        name = "whoami",
        description = {
            "Show who you are to the API and in whose world you act: the operator, or whoever",
            "KUBECONFIG says."
        },
        mixinStandardHelpOptions = true)
final class WhoamiCommand extends ReviewCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        return ask("whoami");
    }
}
