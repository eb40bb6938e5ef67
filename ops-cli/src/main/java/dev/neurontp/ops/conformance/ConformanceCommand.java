package dev.neurontp.ops.conformance;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The noun; its verbs do the work. */
@Command(
        name = "conformance",
        description = "Judges any worker binary by the wire contract.",
        subcommands = {RunCommand.class, ListCommand.class, ExplainCommand.class})
public final class ConformanceCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: run, list or explain");
    }

    /** Runs this command alone; {@code tpctl conformance} is the usual way. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ConformanceCommand()).execute(args));
    }
}
