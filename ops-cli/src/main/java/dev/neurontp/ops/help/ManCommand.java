package dev.neurontp.ops.help;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a page for man. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the manual page of tpctl or of one of its commands.",
            "To read it: tpctl man ping | man -l -. To keep it: tpctl man ping > ~/.local/share/man/man1/tpctl-ping.1"
        })
public final class ManCommand implements Callable<Integer> {
    private final Screen screen;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command. Default: tpctl itself.")
    private String command;

    /** Prints to {@code screen}. */
    public ManCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        CommandLine tpctl = spec.root().commandLine();
        CommandLine chosen = command == null ? tpctl : tpctl.getSubcommands().get(command);
        if (chosen == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "there is no command '" + command + "'",
                    "There are: " + String.join(", ", tpctl.getSubcommands().keySet()));
        }
        screen.out().print(ManPage.of(chosen));
        screen.out().flush();
        return ExitCode.OK;
    }
}
