package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.harness.validate.GroupLostException;
import dev.neurontp.harness.validate.PoolCalls;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.OperationAnswer;
import dev.neurontp.ops.client.PathSegment;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** A joined pool of a daemon, for a validation in place. */
public final class PoolUnderTest implements PoolCalls {
    private static final Duration READ = Duration.ofSeconds(10);
    /** For its turn: another client may ping it, or check its sum. */
    private static final Duration TURN = Duration.ofSeconds(30);
    /** The longest that the daemon lets anyone wait. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private static final Duration GRACE = Duration.ofSeconds(3);

    private final PoolRef found;
    private final PoolView view;
    private volatile boolean cancelled;
    private volatile CompletableFuture<JsonNode> underWay;

    private PoolUnderTest(PoolRef found, PoolView view) {
        this.found = found;
        this.view = view;
    }

    /**
     * The pool whose id begins with {@code prefix}.
     *
     * @throws CommandException when there is none, or it has not joined, or it is busy
     */
    public static PoolUnderTest of(ConnectOptions connect, String prefix) throws InterruptedException {
        PoolArgument.requireNotEmpty(prefix);
        PoolRef found = ListedPools.of(connect).toActOn(prefix);
        PoolView view = found.daemon().read(found.daemon().get(found.path(""), READ), PoolView.class);
        if (view.busy().isPresent()) {
            throw new CommandException(
                    ExitCode.TIMED_OUT,
                    "pool " + found.id() + " is busy: "
                            + OperationCall.progress(view.busy().get()),
                    "Try again when it is idle: tpctl status " + found.id());
        }
        if (!view.state().equals(PoolView.State.JOINED.label())) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "pool " + found.id() + " is " + ForeignText.of(view.state(), ForeignText.NAME)
                            + ": only a pool that has joined can be validated in place",
                    view.over() ? "Bring up a new one: tpctl up -d" : "Join its ranks: tpctl init " + found.id());
        }
        return new PoolUnderTest(found, view);
    }

    @Override
    public String id() {
        return found.id();
    }

    @Override
    public String communicator() {
        return ForeignText.of(view.communicator(), ForeignText.NAME);
    }

    @Override
    public List<String> command() {
        return view.command();
    }

    @Override
    public List<Long> devices() {
        return view.ranks().stream().map(PoolView.Rank::device).toList();
    }

    @Override
    public JsonNode ask(String operation, JsonNode body, Duration limit) throws GroupLostException {
        long since = System.nanoTime();
        try {
            JsonNode said = answered("POST", found.path("/" + operation), body, TURN.plus(limit));
            OperationView view = read(operation, said);
            Duration left = limit;
            while (!view.finished() && left.isPositive()) {
                String path = found.path("/operations/" + PathSegment.of(view.id()));
                said = answered("GET", path, null, left);
                view = read(operation, said);
                left = left.minus(LONGEST_WAIT);
            }
            if (view.error().isPresent()) {
                throw new ApiErrorException(found.daemon(), 200, view.error().get());
            }
            if (!view.finished()) {
                Duration waited = AskedWait.since(since);
                throw GroupLostException.failed(
                        operation + " of pool " + id() + " is not over"
                                + (AskedWait.isOver(limit, waited)
                                        ? " after " + Durations.time(limit)
                                        : ": " + AskedWait.early(found.daemon(), limit, waited)),
                        null);
            }
            return said.path("result");
        } catch (ApiErrorException e) {
            throw lost(e);
        } catch (CommandException e) {
            throw GroupLostException.unreachable(e.getMessage() + "\n" + e.next(), e);
        }
    }

    private OperationView read(String operation, JsonNode said) {
        OperationView.Kind[] asked = Arrays.stream(OperationView.Kind.values())
                .filter(kind -> kind.label().equals(operation))
                .toArray(OperationView.Kind[]::new);
        return OperationAnswer.read(found.daemon(), said, found.id(), asked);
    }

    private JsonNode answered(String method, String path, JsonNode body, Duration time) throws GroupLostException {
        Duration wait = time.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : time;
        CompletableFuture<JsonNode> answer =
                found.daemon().start(method, path + "?wait=" + Durations.format(wait), body, wait, GRACE);
        underWay = answer;
        if (cancelled) {
            answer.cancel(true);
        }
        try {
            return Daemon.await(answer);
        } catch (CancellationException e) {
            throw GroupLostException.ended("interrupted", e);
        }
    }

    /** What has become of the pool, or why its daemon refuses. */
    private GroupLostException lost(ApiErrorException e) {
        if (e.is(ErrorType.POOL_FAILED)) {
            return GroupLostException.failed(
                    e.error().failure().map(PoolView.Failure::text).orElse(e.getMessage()), e);
        }
        if (e.is(ErrorType.POOL_ENDED) || e.is(ErrorType.NO_SUCH_POOL) || e.is(ErrorType.WRONG_STATE)) {
            return GroupLostException.failed("somebody has ended the pool meanwhile: " + e.getMessage(), e);
        }
        CommandException explained = ApiErrors.explain(e);
        String words = explained.getMessage() + "\n" + explained.next();
        return explained.exitCode() == ExitCode.TIMED_OUT
                ? GroupLostException.busy(words, e)
                : GroupLostException.unreachable(words, e);
    }

    @Override
    public void cancel() {
        cancelled = true;
        CompletableFuture<JsonNode> answer = underWay;
        if (answer != null) {
            answer.cancel(true);
        }
    }
}
