package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits until a pool is in a state. */
@Command(
        name = "wait",
        mixinStandardHelpOptions = true,
        description = {
            "Waits until a pool is ready, joined or gone, and says so.",
            "Ready and joined: exit code 1 as soon as the pool has failed or ended, since it never will be then. Gone: all of"
                    + " its processes have ended, whatever the reason; exit code 1 when the pool has ended and the end of one"
                    + " of them was not seen.",
            "Exit code 4 when --timeout is over (default: no limit)."
        })
public final class WaitCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Screen screen;
    private final Set<Integer> ended = new HashSet<>();
    /** What is waited for may have come in the last moment; longer than this is no part of the time that was given. */
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    /** As it was last told. */
    private String state = "";

    private CommandException unanswered;
    private Deadline whole;

    @Mixin
    PoolArgument target;

    @Option(
            names = "--for",
            required = true,
            paramLabel = "STATE",
            completionCandidates = Goal.Names.class,
            converter = Goal.Text.class,
            description = "ready (every rank answers), joined (init is done; a joined pool is ready, too), or gone.")
    Goal goal;

    /** Prints to {@code screen}. */
    public WaitCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        whole = Deadline.in(target.connect().timeout().orElse(Daemon.ENDLESS));
        PoolRef found = target.toRead();
        try {
            await(found);
        } catch (ApiErrorException e) {
            requireRemovedAfterItsEnd(found, e);
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.FAILED) {
                throw e;
            }
            if (!isReachedInTheHistory(found, e)) {
                if (!whole.expired()) {
                    throw e;
                }
                requireReachedNow(found);
            }
        }
        screen.line("pool " + found.id() + " is " + goal.word());
        return ExitCode.OK;
    }

    private void await(PoolRef found) throws InterruptedException {
        // The stream is open before the state is read: nothing that happens between the two is missed.
        try (EventStream stream = found.daemon().stream(found.path("/events"), answerWithin(), left())) {
            if (isReached(found)) {
                return;
            }
            if (screen.progress()) {
                screen.say("waiting until pool " + found.id() + " is " + goal.word());
            }
            for (EventStream.Message message : stream) {
                note(found.daemon().read(message.data(), EventView.class));
                if (concernsTheState(message) && isReachedOrUnanswered(found)) {
                    return;
                }
            }
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.FAILED || !allWereSeenToEnd(found)) {
                throw e;
            }
            return;
        }
        // The stream of a pool ends when the pool is removed from the list, or with its daemon.
        if (allWereSeenToEnd(found) || isReachedOrUnanswered(found)) {
            return;
        }
        if (unanswered != null) {
            throw unanswered;
        }
        throw new CommandException(
                ExitCode.COULD_NOT_RUN,
                "the events of daemon " + found.daemon() + " ended before pool " + found.id() + " was " + goal.word(),
                "A daemon that stops ends its pools. See what is left: tpctl ls");
    }

    /** A daemon that 'tpctl up' started ends with its pool: it may answer no more, and its events still tell what became of that. */
    private boolean isReachedOrUnanswered(PoolRef found) throws InterruptedException {
        try {
            return isReached(found);
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.FAILED) {
                throw e;
            }
            unanswered = e;
        } catch (ApiErrorException e) {
            if (!e.error().is(ErrorType.STOPPING)) {
                throw e;
            }
            unanswered = ApiErrors.explain(e);
        }
        return false;
    }

    private void note(EventView event) {
        event.end().filter(PoolView.RankExit::gone).ifPresent(end -> ended.add(end.rank()));
        if (event.is(EventView.Type.POOL_STATE) || event.is(EventView.Type.POOL_FORGOTTEN)) {
            event.state().ifPresent(now -> state = now);
        }
    }

    /** By the events: a pool that was shut down is over only where it is told to be gone, and not while its comm_id may still be served. */
    private boolean allWereSeenToEnd(PoolRef found) {
        return goal == Goal.GONE
                && ended.size() == found.pool().worldSize()
                && (state.equals(PoolView.State.GONE.label()) || state.equals(PoolView.State.FAILED.label()));
    }

    private static boolean concernsTheState(EventStream.Message message) {
        return EventView.Type.of(message.type())
                .map(type -> switch (type) {
                    case POOL_STATE, POOL_FORGOTTEN, DAEMON_STOPPING, LOST -> true;
                    case POOL_CREATED,
                            POOL_RESTARTED,
                            POOL_RESTART_REFUSED,
                            POOL_NOT_RESTARTED,
                            RANK_STATE,
                            RANK_FAILED,
                            RANK_ENDED,
                            OPERATION_STARTED,
                            OPERATION_ENDED -> false;
                })
                .orElse(true);
    }

    /** A pool that will not be what is waited for ends this at once. */
    private boolean isReached(PoolRef found) throws InterruptedException {
        PoolView pool = pool(found);
        while (isBeingEnded(pool) && !whole.expired()) {
            // It is being ended, within the deadlines of its daemon; what came of its processes is known after that.
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            pool = pool(found);
        }
        return isReached(pool);
    }

    private boolean isReached(PoolView pool) {
        if (goal.isReached(pool)) {
            return true;
        }
        if (pool.over() && (goal != Goal.GONE || !isBeingEnded(pool))) {
            throw new CommandException(ExitCode.FAILED, goal.whyNever(pool), "See more: tpctl status " + pool.id());
        }
        return false;
    }

    private static boolean isBeingEnded(PoolView pool) {
        return pool.over() && pool.ended().isEmpty();
    }

    private PoolView pool(PoolRef found) {
        PoolView pool = found.now(answerWithin());
        state = pool.state();
        return pool;
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(1, whole.remainingNanos()));
    }

    /** For one answer, and no more than what is left for all. */
    private Duration answerWithin() {
        Duration one = target.connect().readTimeout();
        return one.compareTo(left()) < 0 ? one : left();
    }

    /**
     * A daemon removes a pool from its list only after its end, which may be one that nobody has seen of some rank: its events and the history
     * tell.
     */
    private void requireRemovedAfterItsEnd(PoolRef found, ApiErrorException e) throws InterruptedException {
        if (!e.error().is(ErrorType.NO_SUCH_POOL)) {
            throw e;
        }
        if (goal != Goal.GONE) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "pool " + found.id() + " was ended and removed from the list before it was " + goal.word(),
                    "Bring up a new one: tpctl up -d");
        }
        noteAllEvents(found);
        Deadline written = Deadline.in(LAST_LOOK); // the history is written a moment later
        while (!allWereSeenToEnd(found) && !isReachedInTheHistory(found, e)) {
            if (written.expired()) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "pool " + found.id() + " was removed from the list of daemon " + found.daemon()
                                + ", and whether all of its ranks were seen to end is not known any more",
                        "Look for its processes before their GPUs are used again: tpctl doctor --only orphans");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** What its daemon still has of its events, those of pools that are not in the list any more included. */
    private void noteAllEvents(PoolRef found) throws InterruptedException {
        try (EventStream stream = found.daemon().stream(
                "/events?since=0&follow=false", target.connect().readTimeout(), LAST_LOOK)) {
            for (EventStream.Message message : stream) {
                EventView event = found.daemon().read(message.data(), EventView.class);
                if (event.pool().filter(found.id()::equals).isPresent()) {
                    note(event);
                }
            }
        } catch (CommandException | ApiErrorException _) {
            return; // then the history has to tell
        }
    }

    /** A daemon that has ended has written down what became of its pool. */
    private boolean isReachedInTheHistory(PoolRef found, RuntimeException reason) throws InterruptedException {
        Optional<ShownPool> past = target.asWrittenDown(found, reason);
        if (past.isEmpty()) {
            return false;
        }
        PoolView pool = past.get().read(past.get().view(target.connect().readTimeout()), PoolView.class);
        return isReached(pool);
    }

    /** The time is over. This may have stood still itself meanwhile, so it looks once more. */
    private void requireReachedNow(PoolRef found) {
        Optional<PoolView> now = lastLook(found);
        if (now.isPresent() && isReached(now.get())) {
            return;
        }
        throw new CommandException(
                ExitCode.TIMED_OUT,
                "pool " + found.id() + " is not " + goal.word() + " after " + Durations.measured(whole.limit()) + ": "
                        + now.map(pool -> "it is " + pool.state()).orElse("the daemon does not say how it is"),
                "Wait longer with --timeout, or look: tpctl status " + found.id());
    }

    private static Optional<PoolView> lastLook(PoolRef found) {
        try {
            return Optional.of(found.now(LAST_LOOK));
        } catch (CommandException | ApiErrorException _) {
            return Optional.empty();
        }
    }
}
