package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Joins a pool's ranks into one communicator. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Joins all ranks of a pool into one communicator.",
            "With NCCL on a large host 55 to 60 s is normal. When a rank fails here the whole pool has failed.",
            "A pool that has joined stays as it is: exit code 0."
        })
public final class InitCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    PoolArgument target;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public InitCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolRef found = target.toActOn();
        JsonNode json;
        try {
            json = new OperationCall(screen, target.connect().timeout()).run(found, "POST", "/init");
        } catch (ApiErrorException e) {
            if (!hasJoined(e)) {
                throw e;
            }
            alreadyJoined(found);
            return ExitCode.OK;
        }
        if (output.json()) {
            screen.line(ApiJson.text(PoolRef.signed(json, found.daemon())));
        } else {
            OperationView.Result result = OperationCall.result(found, json);
            screen.line("pool " + found.id() + ": "
                    + HumanText.count(result.ranks().map(List::size).orElse(0), "rank", "ranks") + " joined in "
                    + Durations.measured(result.tookMs()));
        }
        return ExitCode.OK;
    }

    private static boolean hasJoined(ApiErrorException refusal) {
        return refusal.is(ErrorType.WRONG_STATE)
                && refusal.error()
                        .detail()
                        .flatMap(ApiError.Detail::state)
                        .filter(PoolView.State.JOINED.label()::equals)
                        .isPresent();
    }

    private void alreadyJoined(PoolRef found) {
        if (output.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("op", OperationView.Kind.INIT.label());
            line.put("pool", found.id());
            line.put("already_joined", true);
            line.put("daemon", found.daemon().url().toString());
            screen.line(ApiJson.text(line));
        } else {
            screen.line("pool " + found.id() + " has already joined");
        }
    }
}
