package dev.neurontp.harness.validate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

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

    /** All phases once, then the cycles until their time is over, but at least one. False where the group was lost. */
    boolean run(Cases cases) throws InterruptedException {
        try (GpuWatch counters = setup.watch().get()) {
            BurnWatch watch = new BurnWatch(counters, ranks, state::stoppedNow);
            watch.look("before the first case");
            boolean whole = runner.once(cases) && cycles(watch);
            watch.look("at the end");
            watch.results().forEach(state::add);
            return whole;
        }
    }

    private boolean cycles(BurnWatch watch) throws InterruptedException {
        Duration time = setup.plan().burn();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom")
                .create(setup.plan().seed());
        TimeSlope slope = new TimeSlope();
        boolean whole = true;
        int cycles = 0;
        state.keepAll(false);
        // One at least: a first pass that took longer than the time is no burn-in yet.
        while (whole && !state.stoppedNow() && (cycles == 0 || state.elapsed().compareTo(time) < 0)) {
            cycles++;
            Cases again = new Cases(
                    setup.plan().withSeed(random.nextLong(Long.MAX_VALUE)), ranks.size(), GroupLimits.of(ranks));
            whole = runner.all(again.correctness()) && (setup.sharedGpu() || runner.all(again.bandwidth(), slope::add));
            watch.look("after cycle " + cycles);
        }
        state.keepAll(true);
        if (cycles > 0) {
            state.add(CaseResult.without(
                    Case.step(Phase.BANDWIDTH, "burn-in"),
                    whole ? Status.PASS : Status.SKIPPED,
                    String.join("; ", words(cycles, slope)),
                    Stream.concat(slope.words().stream(), state.repeated().stream())
                            .toList()));
        }
        return whole;
    }

    private List<String> words(int cycles, TimeSlope slope) {
        List<String> words = new ArrayList<>(List.of(
                cycles + (cycles == 1 ? " cycle" : " cycles") + " with " + state.unkept() + " cases that passed"));
        words.addAll(slope.words());
        return words;
    }
}
