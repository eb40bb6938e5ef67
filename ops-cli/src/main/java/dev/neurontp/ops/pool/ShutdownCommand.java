package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks a pool's ranks to leave. */
@Command(
        name = "shutdown",
        mixinStandardHelpOptions = true,
        description = {
            "Asks every rank of a pool to leave and waits until all are gone.",
            "A rank that does not obey is ended, and so is what is under way in the pool. A daemon that 'tpctl up' started"
                    + " ends with its last pool.",
            "Exit code 1 when a rank had to be forced or is still there."
        })
public final class ShutdownCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    private PoolArgument target;

    @Option(names = "--all", description = "All pools of all daemons, at once.")
    private boolean all;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}. */
    public ShutdownCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (all && target.id() != null) {
            throw new CommandException(
                    ExitCode.USAGE, "--all and the id '" + target.id() + "' do not go together", "Give one of them.");
        }
        PoolShutdown ending =
                new PoolShutdown(screen, output.json(), target.connect().timeout());
        boolean well;
        if (all) {
            // A daemon that does not answer keeps nobody else's pools alive.
            PoolListing listing = target.listing();
            well = ending.shutdown(listing.pools(), listing.failures());
        } else {
            well = ending.shutdown(List.of(target.toActOn()), List.of());
        }
        return well ? ExitCode.OK : ExitCode.FAILED;
    }
}
