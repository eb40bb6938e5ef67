package dev.neurontp.ops.bench;

import dev.neurontp.harness.usage.CommandLines;
import dev.neurontp.ops.console.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measurements that docs/benchmarks.md quotes, for anybody's worker. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures pools on this host.")
public final class BenchCommand implements Runnable {
    @Spec
    CommandSpec spec;

    private BenchCommand() {}

    /** The command with all of its measurements, printing to {@code terminal}. */
    public static CommandLine commandLine(Terminal terminal) {
        return CommandLines.of(new BenchCommand())
                .addSubcommand(CommandLines.of(new PingBenchCommand(terminal)))
                .addSubcommand(CommandLines.of(new WorkerBenchCommand(terminal)))
                .addSubcommand(CommandLines.of(new DaemonBenchCommand(terminal)));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which measurement? There are: "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
