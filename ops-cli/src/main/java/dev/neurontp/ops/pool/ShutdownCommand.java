package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Asks a pool's ranks to leave. */
@Command(
        name = "shutdown",
        mixinStandardHelpOptions = true,
        description = {
            "Asks every rank of a pool to leave and waits until all are gone.",
            "A rank that does not obey is ended, and so is what is under way in the pool. A daemon that 'tpctl up' started"
                    + " ends with its last pool.",
            "A pool that has ended already is removed from the list.",
            "Exit code 1 when a rank had to be forced or is still there."
        })
public final class ShutdownCommand implements Callable<Integer> {
    private final Screen screen;
    private final Confirmation confirmation;

    @Mixin
    private PoolsToEnd target;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}, and asks before it ends all. */
    public ShutdownCommand(Screen screen, Confirmation confirmation) {
        this.screen = screen;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolsToEnd.Chosen chosen = target.choose(confirmation);
        PoolShutdown ending = new PoolShutdown(screen, output.json(), target.timeout());
        return ending.shutdown(chosen) ? ExitCode.OK : ExitCode.FAILED;
    }
}
