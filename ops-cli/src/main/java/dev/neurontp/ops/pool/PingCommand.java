package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pings all ranks of a pool, round by round. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = {
            "Asks every rank of a pool who it is, round by round.",
            "One line per round, then minimum, average, 99th percentile, maximum and loss. A round is lost when a rank"
                    + " does not answer, which is exit code 1. A pool that is busy with another operation is not pinged,"
                    + " which is no loss and exit code 4. Times are the daemon's: from the first frame written to the last pong"
                    + " read."
        })
public final class PingCommand implements Callable<Integer> {
    private static final Duration ROUND = Duration.ofSeconds(5);
    /** Nobody may read stdout any more. */
    private static final Duration AT_THE_END = Duration.ofSeconds(1);

    private final Screen screen;

    @Mixin
    PoolArgument target;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How many rounds; 0: until Ctrl-C. Default: 1.")
    int count;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "From the start of one round to the start of the next. Default: 1s.")
    Duration interval;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public PingCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (count < 0) {
            throw new CommandException(
                    ExitCode.USAGE, "--count is " + count + ": it must be 0 (until Ctrl-C) or more", "Try --count 10.");
        }
        PoolRef found = target.toActOn();
        PingReport report = new PingReport(screen, found.id(), output.json());
        // Ctrl-C ends the process through this hook, as ping(8) ends: with the sums.
        ExitHook.bounded("sums", AT_THE_END, report::sums).install();
        PingRounds rounds = new PingRounds(found, target.connect().timeout().orElse(ROUND), report);
        int code = rounds.run(count, interval);
        report.sums();
        return code;
    }
}
