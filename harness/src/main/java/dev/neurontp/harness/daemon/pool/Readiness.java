package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.Check;
import dev.neurontp.harness.daemon.settings.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the pools are proven to answer. */
public final class Readiness {
    private final Duration proof;

    /** Takes round trips up to that age for proof. */
    public Readiness(Duration proof) {
        this.proof = proof;
    }

    /** One check for each pool that was not taken down on purpose. */
    public List<Check> checks(List<ManagedPool> pools) {
        List<Check> checks = new ArrayList<>();
        for (ManagedPool pool : pools) {
            switch (pool.state()) {
                case STOPPING, GONE -> {
                    // Its end is wanted: nobody waits for it to answer.
                }
                case FAILED ->
                    checks.add(check(pool, false, "failed: " + pool.reason().orElse("a rank was lost")));
                case STARTING, READY, JOINING, JOINED -> checks.add(proven(pool));
            }
        }
        return checks;
    }

    private Check proven(ManagedPool pool) {
        String busy = pool.busy().map(view -> "busy: " + view.text()).orElse("");
        Optional<Duration> age = pool.provenSince();
        if (age.isEmpty()) {
            return check(pool, false, busy.isEmpty() ? "no rank has answered yet" : busy);
        }
        String seconds = String.format(Locale.ROOT, "%.1f s", age.get().toMillis() / 1e3);
        if (age.get().compareTo(proof) > 0) {
            return check(
                    pool,
                    false,
                    (busy.isEmpty() ? "" : busy + "; ") + "the last answer of all ranks is " + seconds + " old, over "
                            + DurationText.of(proof));
        }
        String took = pool.provenTook()
                .map(time -> String.format(Locale.ROOT, " in %.2f ms", ApiMapper.millis(time)))
                .orElse("");
        String text = "all " + pool.plan().worldSize() + " ranks answered " + seconds + " ago" + took;
        return check(pool, true, busy.isEmpty() ? text : text + "; " + busy);
    }

    private static Check check(ManagedPool pool, boolean ok, String text) {
        return new Check("pool " + pool.id(), ok, text);
    }
}
