package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolSummary.Busy;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.OperationAnswer;
import dev.neurontp.ops.client.PathSegment;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** One operation on a pool from the request to its end, with a line of progress while it takes long. */
final class OperationCall {
    /** The longest that the daemon lets anyone wait. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** What an answer takes beyond the wait that it was asked for. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final Screen screen;
    private final Duration timeout;

    /** Waits for {@code timeout}; without one for as long as the daemon's own deadlines allow. */
    OperationCall(Screen screen, Optional<Duration> timeout) {
        this.screen = screen;
        this.timeout = timeout.orElse(LONGEST_WAIT);
    }

    /**
     * An operation that was asked for.
     *
     * @param kinds what an answer may tell of
     * @param since when it was asked for, by {@link System#nanoTime}
     */
    record Begun(CompletableFuture<JsonNode> answer, List<OperationView.Kind> kinds, long since) {
        private OperationView read(PoolRef found, JsonNode said) {
            return OperationAnswer.read(found.daemon(), said, found.id(), kinds.toArray(OperationView.Kind[]::new));
        }
    }

    /** Asks and waits for the end. */
    JsonNode run(PoolRef found, String method, String what) throws InterruptedException {
        Begun begun = begin(found, method, what);
        new Progress(screen).during(begun.answer(), () -> glance(found));
        return end(found, begun);
    }

    /** Asks only; several pools may be under way at once. */
    Begun begin(PoolRef found, String method, String what) {
        long since = System.nanoTime();
        CompletableFuture<JsonNode> answer =
                found.daemon().start(method, found.path(what) + "?wait=" + wait(timeout), null, first(), GRACE);
        return new Begun(answer, kinds(method, what), since);
    }

    /** A pool that has ended already is forgotten by what would end it. */
    private static List<OperationView.Kind> kinds(String method, String what) {
        return method.equals("DELETE")
                ? List.of(OperationView.Kind.END, OperationView.Kind.FORGET)
                : Arrays.stream(OperationView.Kind.values())
                        .filter(kind -> what.equals("/" + kind.label()))
                        .toList();
    }

    /** Waits for what {@link #begin} asked. */
    JsonNode end(PoolRef found, Begun begun) {
        JsonNode json = Daemon.await(begun.answer());
        OperationView operation = begun.read(found, json);
        Duration left = timeout.minus(first());
        while (!operation.finished() && left.isPositive()) {
            Duration wait = left.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : left;
            left = left.minus(wait);
            String path = found.path("/operations/" + PathSegment.of(operation.id()) + "?wait=" + wait(wait));
            json = found.daemon().get(path, wait, GRACE);
            operation = begun.read(found, json);
        }
        if (!operation.finished()) {
            throw notOver(found, operation, AskedWait.since(begun.since()));
        }
        if (operation.error().isPresent()) {
            throw new ApiErrorException(found.daemon(), 200, operation.error().get());
        }
        return json;
    }

    private CommandException notOver(PoolRef found, OperationView operation, Duration waited) {
        boolean late = AskedWait.isOver(timeout, waited);
        return new CommandException(
                ExitCode.TIMED_OUT,
                operation.op() + " of pool " + found.id() + " is not over"
                        + (late
                                ? " after " + Durations.measured(timeout)
                                : ": " + AskedWait.early(found.daemon(), timeout, waited))
                        + "; it goes on (at most " + Durations.measured(Duration.ofMillis(operation.limitMs()))
                        + " in all)",
                "Look again: tpctl status " + found.id() + ". End it: tpctl kill " + found.id() + "."
                        + (late ? " Wait longer: --timeout." : ""));
    }

    /** What came of an operation that is done. */
    static OperationView.Result result(PoolRef found, JsonNode operation) {
        OperationView view = found.daemon().read(operation, OperationView.class);
        return view.result()
                .filter(result -> Arrays.stream(OperationView.Kind.values())
                        .filter(view::is)
                        .allMatch(kind -> result.tells(kind, found.pool().worldSize())))
                .orElseThrow(() -> new CommandException(
                        ExitCode.COULD_NOT_RUN,
                        "the daemon at " + found.daemon() + " says that it is done, and not what came of it",
                        "Look at the pool: tpctl status " + found.id()));
    }

    private Duration first() {
        return timeout.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : timeout;
    }

    private static String wait(Duration wait) {
        return Durations.format(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /** What the pool is doing, for the line of progress. A glance that fails says only that: the call itself will say why. */
    private static String glance(PoolRef found) {
        try {
            return found.now(GLANCE)
                    .busy()
                    .map(busy -> "pool " + found.id() + ": " + progress(busy))
                    .orElse("waiting for pool " + found.id());
        } catch (CommandException | ApiErrorException _) {
            return "waiting for pool " + found.id() + " (the daemon is slow to answer)";
        }
    }

    /** Behind a sentence about an answer that has not come: whose it is, as far as the daemon can tell now. */
    static String silent(PoolRef found) {
        try {
            return found.now(GLANCE).busy().map(busy -> ": " + busy.text()).orElse("");
        } catch (CommandException | ApiErrorException _) {
            return "";
        }
    }

    static String progress(Busy busy) {
        Duration left = Duration.ofMillis(Math.max(0, busy.limitMs() - busy.elapsedMs()));
        // What an operator asks first stands first: a narrow screen cuts the end.
        return busy.op() + ", " + Durations.span(left) + " left (" + Durations.span(Duration.ofMillis(busy.elapsedMs()))
                + " of " + Durations.time(Duration.ofMillis(busy.limitMs())) + ")";
    }
}
