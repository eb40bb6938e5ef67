package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a pool without asking it. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a pool now, without asking its ranks.",
            "Every process gets SIGTERM, then SIGKILL. A pool that has ended already is removed from the list."
        })
public final class KillCommand implements Callable<Integer> {
    private final Screen screen;
    private final Confirmation confirmation;

    @Mixin
    private PoolsToEnd target;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}, and asks before it ends all. */
    public KillCommand(Screen screen, Confirmation confirmation) {
        this.screen = screen;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolsToEnd.Chosen chosen = target.choose(confirmation);
        PoolShutdown ending = new PoolShutdown(screen, output.json(), target.timeout());
        return ending.kill(chosen) ? ExitCode.OK : ExitCode.FAILED;
    }
}
