package io.hypernetes.cli;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.util.concurrent.Callable;

/** {@code hypernetes can-i VERB RESOURCE}. */
@Command(
        name = "can-i",
        description = {
            "Say whether you may: can-i create pods, can-i --tenant acme delete namespaces/web,",
            "can-i --list. Asked as the operator, or as whom KUBECONFIG says."
        },
        mixinStandardHelpOptions = true)
final class CanICommand extends ReviewCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        return ask("can-i");
    }
}
