package dev.neurontp.ops.bench;

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
    private CommandSpec spec;

    private BenchCommand() {}

    /** The command with all of its measurements, printing to {@code terminal}. */
    public static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new PingBenchCommand(terminal))
                .addSubcommand(new WorkerBenchCommand(terminal))
                .addSubcommand(new DaemonBenchCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which measurement? There are: "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
