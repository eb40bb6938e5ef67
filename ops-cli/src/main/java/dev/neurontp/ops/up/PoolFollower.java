package dev.neurontp.ops.up;

import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.Event;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.client.Pool;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Stays with a pool until it has ended. */
final class PoolFollower {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;
    private static final Set<String> ENDED = Set.of("failed", "gone");

    private final Screen screen;
    private final Daemon daemon;
    private final String id;
    private String known;

    PoolFollower(Screen screen, Daemon daemon, Pool pool) {
        this.screen = screen;
        this.daemon = daemon;
        id = pool.id();
        known = pool.state();
    }

    /** Says what happens to it; whether it failed in the end. Ends early, with false, when the daemon is stopping. */
    boolean untilItEnds() throws InterruptedException {
        try (EventStream events = daemon.stream("/pools/" + id + "/events?since=0", null, PATIENCE)) {
            for (EventStream.Message message : events) {
                Event event = ApiJson.read(message.data(), Event.class);
                if ("pool_state".equals(event.type())) {
                    show(event.state());
                    if (ENDED.contains(event.state())) {
                        return "failed".equals(event.state()) && explain();
                    }
                }
            }
        }
        return false;
    }

    /** The first events are older than what we know; a state that was there already is no news. */
    private void show(String state) {
        if (!state.equals(known) && !"starting".equals(state)) {
            known = state;
            screen.say("Pool " + id + " is " + state + ".");
        }
    }

    /** A pool's state changes before all its ranks are collected: the story is told a moment later. */
    private boolean explain() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Pool pool = read();
        while (pool.failure() == null && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            pool = read();
        }
        if (pool.failure() != null) {
            HumanText.plainLines(pool.failure().text())
                    .forEach(line -> screen.say(screen.terminal().red(line)));
        }
        return true;
    }

    private Pool read() {
        return ApiJson.read(daemon.get("/pools/" + id, PATIENCE), Pool.class);
    }
}
