package dev.neurontp.harness.validate;

import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a plan on one pool, from its start to its end. A case that finds wrong data does not end the run; a group that is lost
 * does, except that a new one is tried once for the pairs, so that a broken link can still be named. One thread calls
 * {@link #run}; any thread may call {@link #stop}.
 */
public final class ValidationRun {
    /** What a run needs to know. */
    public record Setup(
            List<String> command,
            List<Long> devices,
            PoolOptions options,
            Plan plan,
            Bars bars,
            Optional<Duration> longest,
            boolean sharedGpu) {}

    private static final String ALL_RANKS = "all ranks";
    private static final String AGAIN = "all ranks again, for the pairs";

    private final Setup setup;
    private final Consumer<CaseResult> listener;
    private final Instant startedAt = Instant.now();
    private final long began = System.nanoTime();
    private final List<CaseResult> results = new ArrayList<>();
    private List<RankDevice> ranks = List.of();
    private ValidationReport.Stop stopped = ValidationReport.Stop.NO;
    private final Diagnostics diagnostics;
    private long burnCases;
    private boolean burning;
    private boolean groupLost;
    private boolean pairsRun;
    private volatile boolean interrupted;
    private volatile GroupSession live;

    /**
     * @param listener is called with each result as it comes
     */
    public ValidationRun(Setup setup, Consumer<CaseResult> listener) {
        this.setup = setup;
        this.listener = listener;
        this.diagnostics = new Diagnostics(setup.options().communicator());
    }

    /** Ends the run: what was found until then is its report. */
    public void stop() {
        interrupted = true;
        GroupSession current = live;
        if (current != null) {
            current.close();
        }
    }

    /** Runs all phases and returns what was found. No process of the pool is left, or the last case says which. */
    public ValidationReport run() throws InterruptedException {
        Optional<GroupSession> session = open(ALL_RANKS);
        if (session.isPresent()) {
            boolean known = ranks.stream().allMatch(rank -> rank.info().isPresent());
            try (GroupSession group = session.get()) {
                boolean whole = known ? cycles(group) : sanity(group);
                diagnostics.result().ifPresent(this::add);
                leave(group, ALL_RANKS, whole);
            }
            if (known && groupLost && !pairsRun && !stoppedNow()) {
                pairsAgain();
            }
        }
        return new ValidationReport(
                startedAt,
                elapsed(),
                setup.command(),
                setup.options().communicator().name(),
                setup.plan(),
                ranks,
                results,
                stopped);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** A group was lost in a collective: whether it was a link only the pairs of a new group can say. */
    private void pairsAgain() throws InterruptedException {
        if (setup.sharedGpu() || ranks.size() < 2) {
            return;
        }
        Optional<GroupSession> session = open(AGAIN);
        if (session.isPresent()) {
            try (GroupSession group = session.get()) {
                leave(group, AGAIN, pairs(group, new Cases(setup.plan(), ranks.size(), GroupLimits.of(ranks)).pairs()));
            }
        }
    }

    /** A group that has joined; empty where it could not, which is a result then. */
    private Optional<GroupSession> open(String name) throws InterruptedException {
        Case join = Case.step(Phase.JOIN, name);
        GroupSession group = null;
        boolean joined = false;
        try {
            group = GroupSession.start(setup.command(), setup.devices(), diagnostics.in(setup.options()));
            live = group;
            ranks = group.identify();
            boolean refused = !thresholdsFit();
            for (CaseResult result : new Identity(ranks, setup.sharedGpu()).results()) {
                if (name.equals(ALL_RANKS) || result.status() == Status.FAIL) {
                    add(result);
                }
                refused |= result.status() == Status.FAIL;
            }
            if (refused) {
                add(CaseResult.without(join, Status.SKIPPED, "the ranks cannot be one group", List.of()));
                return Optional.empty();
            }
            Duration took = group.join().took();
            joined = true;
            add(CaseResult.without(join, Status.PASS, Durations.time(took), List.of()));
            return Optional.of(group);
        } catch (PoolException e) {
            lost(join, e);
            return Optional.empty();
        } finally {
            if (!joined && group != null) {
                group.close();
            }
        }
    }

    /** Whether the thresholds that were given mean something here. */
    private boolean thresholdsFit() {
        Hardware hardware = Hardware.of(ranks);
        if (hardware != Hardware.REAL && !setup.bars().isEmpty()) {
            stopped = ValidationReport.Stop.NO_HARDWARE;
            add(CaseResult.without(
                    Case.step(Phase.IDENTITY, "thresholds"),
                    Status.FAIL,
                    Bars.OPTION + " and " + Baseline.OPTION
                            + (hardware == Hardware.SIMULATED
                                    ? " want hardware, and the ranks are simulated"
                                    : " want hardware, and the ranks do not say what they run on")
                            + ": leave them out",
                    List.of()));
            return false;
        }
        MachineClass here = MachineClass.of(ranks);
        Optional<Baseline> other =
                setup.bars().baseline().filter(file -> !file.machine().equals(here));
        other.ifPresent(file -> {
            setup.bars().dropBaseline();
            add(CaseResult.without(
                    Case.step(Phase.BANDWIDTH, "baseline"),
                    Status.SKIPPED,
                    "nothing is compared with " + file.name() + ", which is of "
                            + file.machine().words() + "; this is " + here.words(),
                    List.of()));
        });
        return true;
    }

    /** A worker without the extensions still has its plain sanity check. */
    private boolean sanity(GroupSession group) throws InterruptedException {
        Case of = Case.step(Phase.CORRECTNESS, "sanity");
        try {
            long sum = group.sanity().first().observedSum();
            add(CaseResult.without(
                    of,
                    Status.PASS,
                    "this worker has no x_collective: only the sum of 1 over all ranks was checked, it is " + sum,
                    List.of()));
            return true;
        } catch (PoolException e) {
            lost(of, e);
            return false;
        }
    }

    /** All cases; again and again in a burn-in. False where the group was lost. */
    private boolean cycles(GroupSession group) throws InterruptedException {
        Cases cases = new Cases(setup.plan(), ranks.size(), GroupLimits.of(ranks));
        setup.bars()
                .unused(cases.bandwidth())
                .forEach(words ->
                        add(CaseResult.without(Case.step(Phase.BANDWIDTH, "bar"), Status.FAIL, words, List.of())));
        boolean whole = once(group, cases);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom")
                .create(setup.plan().seed());
        int cycles = 0;
        while (whole && !stoppedNow() && elapsed().compareTo(setup.plan().burn()) < 0) {
            burning = true;
            cycles++;
            Plan next = setup.plan().withSeed(random.nextLong(Long.MAX_VALUE));
            Cases again = new Cases(next, ranks.size(), GroupLimits.of(ranks));
            whole = all(group, again.correctness()) && (setup.sharedGpu() || all(group, again.bandwidth()));
        }
        burning = false;
        if (cycles > 0) {
            add(CaseResult.without(
                    Case.step(Phase.BANDWIDTH, "burn-in"),
                    whole ? Status.PASS : Status.SKIPPED,
                    cycles + " cycles with " + burnCases + " cases that passed",
                    List.of()));
        }
        return whole;
    }

    private boolean once(GroupSession group, Cases cases) throws InterruptedException {
        if (!all(group, cases.correctness())) {
            return false;
        }
        if (setup.sharedGpu()) {
            for (Phase phase : List.of(Phase.COPIES, Phase.MEMORY, Phase.BANDWIDTH, Phase.PAIRS)) {
                add(CaseResult.without(
                        Case.step(phase, "all"),
                        Status.SKIPPED,
                        "ranks share a GPU: only the data is checked",
                        List.of()));
            }
            return true;
        }
        return all(group, cases.copies())
                && all(group, cases.memory())
                && all(group, cases.bandwidth())
                && pairs(group, cases.pairs());
    }

    /** False where the group was lost, or the run was stopped. */
    private boolean all(GroupSession group, List<Case> cases) throws InterruptedException {
        CaseJudge judge = new CaseJudge(ranks, setup.bars(), cases);
        for (Case of : cases) {
            if (stoppedNow()) {
                return false;
            }
            try {
                add(judge.judge(of, group.run(of)));
            } catch (PoolException e) {
                lost(of, e);
                return false;
            }
        }
        return true;
    }

    private boolean pairs(GroupSession group, List<Case> cases) throws InterruptedException {
        if (ranks.size() < 2) {
            add(CaseResult.without(Case.step(Phase.PAIRS, "all"), Status.SKIPPED, "one rank has no pair", List.of()));
            return true;
        }
        pairsRun = true;
        int before = results.size();
        boolean whole = all(group, cases);
        List<CaseResult> own = List.copyOf(results.subList(before, results.size()));
        new PairSummary(ranks, setup.bars().isStrict(), own).results().forEach(this::add);
        return whole;
    }

    private void leave(GroupSession group, String name, boolean whole) throws InterruptedException {
        Case of = Case.step(Phase.LEAVE, name);
        ShutdownReport report = group.leave();
        List<String> evidence = report.ends().stream()
                .filter(end -> !end.clean())
                .map(end -> "rank " + end.rank() + ": " + end.describe())
                .toList();
        if (!report.gone()) {
            add(CaseResult.without(of, Status.FAIL, "processes are left behind", evidence));
        } else if (!whole) {
            add(CaseResult.without(of, Status.SKIPPED, "the group was ended before", List.of()));
        } else if (report.clean()) {
            add(CaseResult.without(of, Status.PASS, Durations.time(report.took()), List.of()));
        } else {
            add(CaseResult.without(of, Status.FAIL, "not every rank left in order", evidence));
        }
    }

    private boolean stoppedNow() {
        if (interrupted) {
            stopped = ValidationReport.Stop.INTERRUPTED;
        } else if (setup.longest()
                .filter(longest -> elapsed().compareTo(longest) >= 0)
                .isPresent()) {
            stopped = ValidationReport.Stop.OUT_OF_TIME;
        }
        return stopped != ValidationReport.Stop.NO;
    }

    private void lost(Case of, PoolException e) {
        // At Ctrl-C the pool ends itself as well (endOnExit), maybe before stop() is called.
        if (interrupted || e instanceof PoolException.Ended) {
            interrupted = true;
            stopped = ValidationReport.Stop.INTERRUPTED;
            add(CaseResult.without(of, Status.SKIPPED, "interrupted", List.of()));
            return;
        }
        groupLost = true;
        add(CaseResult.without(
                of,
                Status.FAIL,
                "the group was lost",
                e.getMessage() == null ? List.of() : e.getMessage().lines().toList()));
    }

    /** Of a burn-in only what is not in order is kept: hours of right cases would fill the memory. */
    private void add(CaseResult result) {
        if (burning && result.status() == Status.PASS) {
            burnCases++;
            return;
        }
        results.add(result);
        listener.accept(result);
    }
}
