package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Lets a pool's ranks add up the number 1. */
@Command(
        name = "sanity",
        mixinStandardHelpOptions = true,
        description = {
            "Lets all ranks of a pool add up the number 1 among them.",
            "After init, and as often as you like. Every rank must come to the number of ranks."
        })
public final class SanityCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    PoolArgument target;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public SanityCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolRef found = target.toActOn();
        JsonNode json = new OperationCall(screen, target.connect().timeout()).run(found, "POST", "/sanity");
        OperationView.Result result = OperationCall.result(found, json);
        Optional<Long> sum = result.sum();
        boolean right = sum.equals(Optional.of((long) found.pool().worldSize()));
        if (output.json()) {
            screen.line(ApiJson.text(PoolRef.signed(json, found.daemon())));
        } else {
            screen.line("pool " + found.id() + ": every rank adds up to "
                    + sum.map(String::valueOf).orElse("nothing")
                    + (right
                            ? ", as it must"
                            : ", but there are " + found.pool().worldSize() + " ranks") + ", in "
                    + Durations.measured(result.tookMs()));
        }
        return right ? ExitCode.OK : ExitCode.FAILED;
    }
}
