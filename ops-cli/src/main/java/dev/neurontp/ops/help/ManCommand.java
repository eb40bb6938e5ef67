package dev.neurontp.ops.help;

import dev.neurontp.conformance.report.WholeFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    NamedCommand command;

    @Option(
            names = "--directory",
            paramLabel = "FOLDER",
            description =
                    "Write the pages of all commands and of neuron into this folder, which is created, and print nothing.")
    Path directory;

    /** Prints to {@code screen}. */
    public ManCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        if (directory != null) {
            return writeAll();
        }
        screen.out().print(ManPage.of(command.get()));
        screen.out().flush();
        return ExitCode.OK;
    }

    private int writeAll() {
        if (command.isGiven()) {
            throw new CommandException(
                    ExitCode.USAGE, "--directory takes no COMMAND: it writes the pages of all", "Give one of the two.");
        }
        try {
            Files.createDirectories(directory);
            for (CommandLine each : (Iterable<CommandLine>) command.all()::iterator) {
                String name = each.getCommandSpec().qualifiedName("-");
                WholeFile.replace(directory.resolve(name + ".1"), ManPage.of(each));
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "--directory: " + directory + " cannot be written: " + FileErrors.reason(e),
                    "Name a folder that can be.",
                    e);
        }
        return ExitCode.OK;
    }
}
