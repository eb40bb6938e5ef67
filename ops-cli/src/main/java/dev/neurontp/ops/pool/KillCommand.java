package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.Screen;
import picocli.CommandLine.Command;

/** Ends a pool without asking it. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a pool now, without asking its ranks.",
            "Every process gets SIGTERM, then SIGKILL. A pool that has ended already is removed from the list."
        })
public final class KillCommand extends EndingCommand {
    /** Prints to {@code screen}, and asks before it ends all. */
    public KillCommand(Screen screen, Confirmation confirmation) {
        super(screen, confirmation);
    }

    @Override
    boolean end(PoolShutdown way, PoolsToEnd.Chosen chosen) throws InterruptedException {
        return way.kill(chosen);
    }
}
