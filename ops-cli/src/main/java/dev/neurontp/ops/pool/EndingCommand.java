package dev.neurontp.ops.pool;

import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** What the commands that end pools have in common: which pools, and how that is shown. */
abstract class EndingCommand implements Callable<Integer> {
    private final Screen screen;
    private final Confirmation confirmation;

    @Mixin
    PoolsToEnd target;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}, and asks before it begins. */
    EndingCommand(Screen screen, Confirmation confirmation) {
        this.screen = screen;
        this.confirmation = confirmation;
    }

    /** The pools that the person means. */
    PoolsToEnd.Chosen choose(PoolsToEnd named, Confirmation asks) throws InterruptedException {
        return named.choose(asks);
    }

    /** Ends them. Whether each ended as it was asked to. */
    abstract boolean end(PoolShutdown way, PoolsToEnd.Chosen chosen) throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        PoolsToEnd.Chosen chosen = choose(target, confirmation);
        PoolShutdown way = new PoolShutdown(screen, output.json(), target.timeout());
        return end(way, chosen) ? ExitCode.OK : ExitCode.FAILED;
    }
}
