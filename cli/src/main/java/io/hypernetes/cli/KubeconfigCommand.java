package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** {@code hypernetes kubeconfig}: prints the path, so that {@code $(…)} can use it. */
@Command(
        name = "kubeconfig",
        description = "Print the path of the operator's kubeconfig file.",
        mixinStandardHelpOptions = true)
final class KubeconfigCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();

    @Override
    public Integer call() {
        installation.operator();
        System.out.println(installation.operatorKubeconfig());
        return 0;
    }
}
