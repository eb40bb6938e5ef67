package dev.neurontp.ops.help;

import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Mixin
    private NamedCommand command;

    /** Prints to {@code screen}. */
    public ManCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        screen.out().print(ManPage.of(command.get()));
        screen.out().flush();
        return ExitCode.OK;
    }
}
