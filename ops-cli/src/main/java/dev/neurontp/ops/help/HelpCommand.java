package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints what {@code --help} prints. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Prints the help of tpctl or of one of its commands, as --help does.")
public final class HelpCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    NamedCommand command;

    /** Prints to {@code screen}. */
    public HelpCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        command.get().usage(screen.out());
        return ExitCode.OK;
    }
}
