package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.Screen;
import picocli.CommandLine.Command;

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
public final class ShutdownCommand extends EndingCommand {
    /** Prints to {@code screen}, and asks before it ends all. */
    public ShutdownCommand(Screen screen, Confirmation confirmation) {
        super(screen, confirmation);
    }

    @Override
    boolean end(PoolShutdown way, PoolsToEnd.Chosen chosen) throws InterruptedException {
        return way.shutdown(chosen);
    }
}
