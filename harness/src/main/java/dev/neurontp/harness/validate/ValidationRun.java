package dev.neurontp.harness.validate;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a plan on one group, from its start to its end. A case that finds wrong data does not end the run; a group that is lost
 * does, except that a pool of the run's own is started once more for the pairs, so that a broken link can still be named. One
 * thread calls {@link #run}; any thread may call {@link #stop}.
 */
public final class ValidationRun {
    /**
     * What a run needs to know.
     *
     * @param peers copies between the ranks' GPUs before they join
     * @param watch is started for a burn-in
     */
    public record Setup(
            GroupSource source,
            Plan plan,
            Bars bars,
            Optional<Duration> longest,
            boolean sharedGpu,
            HostCheck host,
            PeerCopies peers,
            Supplier<GpuWatch> watch) {}

    private static final String ALL_RANKS = "all ranks";
    private static final String AGAIN = "all ranks again, for the pairs";

    private final Setup setup;
    private final RunState state;
    private List<RankDevice> ranks = List.of();
    private volatile Group live;

    /**
     * @param listener is called with each result as it comes
     */
    public ValidationRun(Setup setup, Consumer<CaseResult> listener) {
        this.setup = setup;
        this.state = new RunState(setup.longest(), setup.plan().timeout(), listener);
    }

    /** Ends the run: what was found until then is its report. */
    public void stop() {
        state.interrupt();
        Group current = live;
        if (current != null) {
            current.close();
        }
    }

    /** Runs all phases and returns what was found. No process of an own pool is left, or the last case says which. */
    public ValidationReport run() throws InterruptedException {
        if (hostIsWell()) {
            phases();
        }
        return new ValidationReport(
                state.startedAt(),
                state.elapsed(),
                setup.source().command(),
                setup.source().communicator(),
                setup.plan(),
                ranks,
                state.results(),
                state.stopped());
    }

    private boolean hostIsWell() throws InterruptedException {
        List<CaseResult> found = setup.host().results();
        found.forEach(state::add);
        return found.stream().noneMatch(result -> result.status() == Status.FAIL) && !state.stoppedNow();
    }

    private void phases() throws InterruptedException {
        Optional<Group> opened = open(ALL_RANKS);
        if (opened.isEmpty()) {
            return;
        }
        boolean collectives;
        boolean pairsRun;
        try (Group group = opened.get()) {
            CaseRunner runner = new CaseRunner(setup, state, group, ranks);
            Optional<Boolean> known = runner.knowsCollectives(cases());
            collectives = known.orElse(true);
            boolean whole = known.isPresent() && (collectives ? cases(runner) : runner.sanity());
            pairsRun = runner.pairsRun();
            setup.source().diagnostics().ifPresent(state::add);
            leave(group, Case.step(Phase.LEAVE, ALL_RANKS), whole);
        }
        if (collectives && state.groupLost() && !pairsRun && !state.stoppedNow()) {
            pairsAgain();
        }
    }

    private void leave(Group group, Case of, boolean whole) throws InterruptedException {
        try {
            state.add(group.leave(of, whole));
        } catch (GroupLostException e) {
            state.lost(of, e);
        }
    }

    private boolean cases(CaseRunner runner) throws InterruptedException {
        return setup.plan().burn().isZero()
                ? runner.once(cases())
                : new BurnIn(setup, state, runner, ranks).run(cases());
    }

    private Cases cases() {
        return new Cases(setup.plan(), ranks.size(), GroupLimits.of(ranks));
    }

    /** A group was lost in a collective: whether it was a link only the pairs of a new group can say. */
    private void pairsAgain() throws InterruptedException {
        if (setup.sharedGpu() || ranks.size() < 2 || !setup.source().isOwn()) {
            return;
        }
        Optional<Group> opened = open(AGAIN);
        if (opened.isPresent()) {
            try (Group group = opened.get()) {
                boolean whole = new CaseRunner(setup, state, group, ranks).pairs(cases().pairs());
                leave(group, Case.step(Phase.LEAVE, AGAIN), whole);
            }
        }
    }

    /** A group that has joined; empty where it could not, which is a result then. */
    private Optional<Group> open(String name) throws InterruptedException {
        Case at = Case.step(Phase.IDENTITY, name);
        Group group = null;
        boolean joined = false;
        try {
            group = setup.source().open();
            live = group;
            ranks = group.identify();
            boolean refused = !thresholdsFit();
            for (CaseResult result : new Identity(ranks, setup.sharedGpu(), needsGpu()).results()) {
                if (name.equals(ALL_RANKS) || result.status() == Status.FAIL) {
                    state.add(result);
                }
                refused |= result.status() == Status.FAIL;
            }
            at = Case.step(Phase.JOIN, name);
            if (refused) {
                state.add(CaseResult.without(at, Status.SKIPPED, "the ranks cannot be one group", List.of()));
                return Optional.empty();
            }
            if (name.equals(ALL_RANKS)) {
                new PeerPhase(setup, ranks, state::stoppedNow).results().forEach(state::add);
            }
            if (state.stoppedNow()) {
                state.add(CaseResult.without(at, Status.SKIPPED, "the run was ended", List.of()));
                return Optional.empty();
            }
            Duration took = group.join();
            joined = true;
            state.add(CaseResult.without(
                    at,
                    Status.PASS,
                    setup.source().isOwn() ? Durations.time(took) : "the pool has joined already",
                    List.of()));
            return Optional.of(group);
        } catch (GroupLostException e) {
            state.lost(at, e);
            return Optional.empty();
        } finally {
            if (!joined && group != null) {
                group.close();
            }
        }
    }

    private boolean needsGpu() {
        return ValidationReport.needsGpu(setup.source().communicator());
    }

    /** Whether the thresholds that were given mean something here. */
    private boolean thresholdsFit() {
        Hardware hardware = needsGpu() ? Hardware.of(ranks) : Hardware.SIMULATED;
        if (hardware != Hardware.REAL && !setup.bars().isEmpty()) {
            state.stop(ValidationReport.Stop.NO_HARDWARE);
            state.add(CaseResult.without(
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
            state.add(CaseResult.without(
                    Case.step(Phase.BANDWIDTH, "baseline"),
                    Status.SKIPPED,
                    "nothing is compared with " + file.name() + ", which is of "
                            + file.machine().words() + "; this is " + here.words(),
                    List.of()));
        });
        return true;
    }
}
