package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code hypernetes helm …}: helm, as the operator unless a kubeconfig is named. */
@Command(
        name = "helm",
        description = "Run helm, fetched when there is none, as the operator of this installation.")
final class HelmCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();

    @Parameters(arity = "0..*", description = "helm's own arguments.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return ClientProgram.HELM.run(installation, arguments);
    }
}
