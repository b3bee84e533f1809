package io.hypernetes.cli.cri;

import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** A command that asks a runtime. */
abstract class RuntimeCommand implements Callable<Integer> {

    @Mixin private Endpoint endpoint = new Endpoint();

    @Override
    public Integer call() {
        try (CriTool tool = endpoint.open()) {
            run(tool);
        }
        return 0;
    }

    abstract void run(CriTool tool);
}
