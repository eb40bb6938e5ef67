package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.Screen;
import picocli.CommandLine.Command;

/** Ends pools and forgets them. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = {
            "Ends pools in order and removes them from the list.",
            "Their logs and events are gone with them, and so is what was written down of a pool that only tpctl ls --all"
                    + " shows. A rank that does not leave is ended. In a terminal it asks first."
                    + " A daemon that 'tpctl up' started ends with its last pool.",
            "Exit code 1 when a rank had to be forced or is still there."
        })
public final class DeleteCommand extends EndingCommand {
    /** Prints to {@code screen}, and asks before it begins. */
    public DeleteCommand(Screen screen, Confirmation confirmation) {
        super(screen, confirmation);
    }

    @Override
    PoolsToEnd.Chosen choose(PoolsToEnd named, Confirmation asks) throws InterruptedException {
        return named.chooseToForget(asks);
    }

    @Override
    boolean end(PoolShutdown way, PoolsToEnd.Chosen chosen) throws InterruptedException {
        return way.delete(chosen);
    }
}
