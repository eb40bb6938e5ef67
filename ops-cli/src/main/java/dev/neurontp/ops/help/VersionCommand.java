package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints what {@code --version} prints. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Prints the version of tpctl, as --version does. That of a daemon is in GET /discovery.")
public final class VersionCommand implements Callable<Integer> {
    private final Screen screen;

    /** Prints to {@code screen}. */
    public VersionCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.line(Versions.line("tpctl"));
        return ExitCode.OK;
    }
}
