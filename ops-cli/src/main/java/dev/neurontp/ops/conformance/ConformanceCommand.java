package dev.neurontp.ops.conformance;

import dev.neurontp.ops.console.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tpctl conformance}: the noun; its verbs do the work. */
@Command(
        name = "conformance",
        description = "Judges any worker binary by the wire contract.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, ListCommand.class, ExplainCommand.class})
public final class ConformanceCommand implements Runnable {

    private final Terminal terminal;

    @Spec
    CommandSpec spec;

    /** A command that prints to this terminal. */
    public ConformanceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: run, list or explain");
    }
}
