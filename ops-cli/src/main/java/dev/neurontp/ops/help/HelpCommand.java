package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what {@code --help} prints. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Prints the help of tpctl or of one of its commands, as --help does.")
public final class HelpCommand implements Callable<Integer> {
    private final Screen screen;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "The command, like ping or bench ping. Default: tpctl itself.")
    private List<String> words = List.of();

    /** Prints to {@code screen}. */
    public HelpCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        NamedCommand.of(spec.root().commandLine(), words).usage(screen.out());
        return ExitCode.OK;
    }
}
