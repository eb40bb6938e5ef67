package dev.neurontp.ops.up;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.client.PathSegment;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Stays with a pool until it has ended. */
final class PoolFollower {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;

    private final Screen screen;
    private final Daemon daemon;
    private final String id;
    private String known;

    PoolFollower(Screen screen, Daemon daemon, PoolView pool) {
        this.screen = screen;
        this.daemon = daemon;
        id = pool.id();
        known = pool.state();
    }

    /** Prints each change of its state until it has ended; whether it failed, or a rank was not seen to end. False also when the daemon is stopping. */
    boolean untilItEnds() throws InterruptedException {
        try (EventStream events = daemon.stream(path() + "/events?since=0", TIMEOUT, Daemon.ENDLESS)) {
            for (EventStream.Message message : events) {
                EventView event = daemon.read(message.data(), EventView.class);
                if (event.is(EventView.Type.POOL_STATE)) {
                    String state = event.state().orElse("");
                    show(state);
                    if (state.equals(PoolView.State.FAILED.label())) {
                        return explain();
                    }
                    if (state.equals(PoolView.State.LOST.label())) {
                        return true;
                    }
                    if (state.equals(PoolView.State.GONE.label())) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    /** The first events are older than what we know; a state that we knew already is not printed. */
    private void show(String state) {
        if (!state.equals(known) && !state.equals(PoolView.State.STARTING.label())) {
            known = state;
            screen.say("Pool " + id + " " + HumanText.verb(state) + " " + state + ".");
        }
    }

    /** A pool's state changes before all its ranks are collected: its failure is complete a moment later. */
    private boolean explain() throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        PoolView pool = read();
        while (pool.failure().isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            pool = read();
        }
        pool.failure()
                .ifPresent(failure -> failure.text()
                        .lines()
                        .forEach(line -> screen.say(screen.terminal().red(line))));
        return true;
    }

    private String path() {
        return "/pools/" + PathSegment.of(id);
    }

    private PoolView read() {
        return daemon.read(daemon.get(path(), TIMEOUT), PoolView.class);
    }
}
