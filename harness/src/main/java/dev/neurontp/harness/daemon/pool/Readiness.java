package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the pools are proven to answer. */
public final class Readiness {
    /** Whether one pool, by its id, is proven to answer, and what that rests on. */
    public record Check(String pool, boolean ok, String text) {}

    private final Duration proof;

    /** Takes round trips up to that age for proof. */
    public Readiness(Duration proof) {
        this.proof = proof;
    }

    /** One check for each pool that was not taken down on purpose. */
    public List<Check> checks(PoolRegistry.Listed listed) {
        List<ManagedPool> pools = listed.pools();
        List<Check> checks = new ArrayList<>();
        for (ManagedPool pool : pools) {
            switch (pool.state()) {
                case STOPPING, LOST, GONE -> {
                    // It is being taken down: nobody waits for it to answer.
                    if (pool.succession().isBeingReplaced()) {
                        checks.add(check(pool, false, "ended for the one that is to take its place"));
                    }
                }
                case FAILED -> checks.add(checkFailed(pool, pools));
                case STARTING, READY, JOINING, JOINED -> checks.add(checkLastReply(pool));
            }
        }
        listed.starting()
                .forEach(pool -> checks.add(new Check(pool.id(), false, "being started: no rank has answered yet")));
        return checks;
    }

    /** A failed pool is missed by those who used it: not where it never came up, or another one of its name lives. */
    private static Check checkFailed(ManagedPool pool, List<ManagedPool> pools) {
        String reason = "failed: " + pool.snapshot().reason().orElse("a rank was lost");
        if (pool.sinceLastReply().isEmpty() && pool.restartCount() == 0) {
            return check(pool, true, "never came up: " + reason);
        }
        if (pool.succession().successor().isPresent()) {
            return check(pool, true, "the pool " + pool.succession().successor().get() + " is in its place; " + reason);
        }
        Optional<ManagedPool> successor = pools.stream()
                .filter(other -> !other.isOver()
                        && other.epoch() > pool.epoch()
                        && pool.plan().name().isPresent()
                        && other.plan().name().equals(pool.plan().name()))
                .findFirst();
        return successor
                .map(other -> check(pool, true, "the pool " + other.id() + " is in its place; " + reason))
                .orElseGet(() -> check(pool, false, reason));
    }

    private Check checkLastReply(ManagedPool pool) {
        String busy =
                pool.active().map(operation -> "busy: " + operation.text()).orElse("");
        Optional<Duration> age = pool.sinceLastReply();
        if (age.isEmpty()) {
            return check(pool, false, busy.isEmpty() ? "no rank has answered yet" : busy);
        }
        String seconds = String.format(Locale.ROOT, "%.1f s", age.get().toMillis() / 1e3);
        if (age.get().compareTo(proof) > 0) {
            return check(
                    pool,
                    false,
                    (busy.isEmpty() ? "" : busy + "; ") + "the last answer of all ranks is " + seconds + " old, over "
                            + Durations.format(proof));
        }
        String took = pool.lastRoundTrip()
                .map(time -> String.format(Locale.ROOT, " in %.2f ms", Durations.millis(time)))
                .orElse("");
        String text = "all " + pool.plan().worldSize() + " ranks answered " + seconds + " ago" + took;
        return check(pool, true, busy.isEmpty() ? text : text + "; " + busy);
    }

    private static Check check(ManagedPool pool, boolean ok, String text) {
        return new Check(pool.id(), ok, text);
    }
}
