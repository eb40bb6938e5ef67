package dev.neurontp.harness.validate;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The cycles of a burn-in: data and bandwidth again and again, with other numbers each time. */
final class BurnIn {
    private final ValidationRun.Setup setup;
    private final RunState state;
    private final CaseRunner runner;
    private final List<RankDevice> ranks;

    BurnIn(ValidationRun.Setup setup, RunState state, CaseRunner runner, List<RankDevice> ranks) {
        this.setup = setup;
        this.state = state;
        this.runner = runner;
        this.ranks = ranks;
    }

    /** Until its time is over. False where the group was lost. */
    boolean run() throws InterruptedException {
        Duration time = setup.plan().burn();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom")
                .create(setup.plan().seed());
        boolean whole = true;
        int cycles = 0;
        state.keepPasses(false);
        while (whole && !state.stoppedNow() && state.elapsed().compareTo(time) < 0) {
            cycles++;
            Cases again = new Cases(
                    setup.plan().withSeed(random.nextLong(Long.MAX_VALUE)), ranks.size(), GroupLimits.of(ranks));
            whole = runner.all(again.correctness()) && (setup.sharedGpu() || runner.all(again.bandwidth()));
        }
        state.keepPasses(true);
        if (cycles > 0) {
            state.add(CaseResult.without(
                    Case.step(Phase.BANDWIDTH, "burn-in"),
                    whole ? Status.PASS : Status.SKIPPED,
                    cycles + " cycles with " + state.unkept() + " cases that passed",
                    List.of()));
        }
        return whole;
    }
}
