package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code hypernetes kubectl …}: kubectl, as the operator unless a kubeconfig is named. */
@Command(
        name = "kubectl",
        description =
                "Run kubectl, fetched when there is none, as the operator of this installation.")
final class KubectlCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();

    @Parameters(arity = "0..*", description = "kubectl's own arguments.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return ClientProgram.KUBECTL.run(installation, arguments);
    }
}
