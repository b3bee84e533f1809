package io.hypernetes.cli.cri;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code hypernetes cri}: crictl's commands, flags and columns. */
@Command(
        name = "cri",
        description = "Look into a container runtime over its CRI socket, as crictl does.",
        mixinStandardHelpOptions = true,
        subcommands = {
            PodsCommand.class,
            PsCommand.class,
            ImagesCommand.class,
            StatsCommand.class,
            LogsCommand.class,
            InspectCommands.Pod.class,
            InspectCommands.Container.class,
            InspectCommands.Image.class,
            InspectCommands.Info.class,
            InspectCommands.Version.class,
            InspectCommands.ImageFileSystem.class,
            StreamCommands.Exec.class,
            StreamCommands.Attach.class,
            StreamCommands.Forward.class,
            ChangeCommands.Pull.class,
            RunCommands.RunPod.class,
            RunCommands.Create.class,
            RunCommands.Start.class,
            ChangeCommands.StopContainer.class,
            ChangeCommands.RemoveContainer.class,
            ChangeCommands.StopPod.class,
            ChangeCommands.RemovePod.class,
            ChangeCommands.RemoveImage.class
        })
public final class CriCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    private CriCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return 2;
    }
}
