package dev.neurontp.ops.pool;

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

    @Mixin
    private PoolArgument target;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}. */
    public KillCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolShutdown ending =
                new PoolShutdown(screen, output.json(), target.connect().timeout());
        return ending.kill(target.toActOn()) ? ExitCode.OK : ExitCode.FAILED;
    }
}
