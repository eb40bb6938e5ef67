package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends pools and forgets them. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = {
            "Ends pools in order and removes them from the list.",
            "Their logs and events are gone with them. A rank that does not leave is ended. In a terminal it asks first."
                    + " A daemon that 'tpctl up' started ends with its last pool.",
            "Exit code 1 when a rank had to be forced or is still there."
        })
public final class DeleteCommand implements Callable<Integer> {
    private final Screen screen;
    private final Confirmation confirmation;

    @Mixin
    private PoolsToEnd target;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}, and asks before it begins. */
    public DeleteCommand(Screen screen, Confirmation confirmation) {
        this.screen = screen;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolsToEnd.Chosen chosen = target.chooseToForget(confirmation);
        PoolShutdown ending = new PoolShutdown(screen, output.json(), target.timeout());
        return ending.delete(chosen) ? ExitCode.OK : ExitCode.FAILED;
    }
}
