package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs the cases of a plan on one group. What they find goes to the state of the run. */
final class CaseRunner {
    private final ValidationRun.Setup setup;
    private final RunState state;
    private final Group group;
    private final List<RankDevice> ranks;
    /** What is answered already, until its turn comes. */
    private final Map<Case, Group.Answer> asked = new HashMap<>();

    private boolean pairsRun;

    CaseRunner(ValidationRun.Setup setup, RunState state, Group group, List<RankDevice> ranks) {
        this.setup = setup;
        this.state = state;
        this.group = group;
        this.ranks = ranks;
    }

    /** Whether every rank has {@code x_collective}, as the first case shows; empty where the group was lost in it. */
    Optional<Boolean> knowsCollectives(Cases cases) throws InterruptedException {
        Case first = cases.correctness().getFirst();
        try {
            Group.Answer answer = group.run(first);
            asked.put(first, answer);
            return Optional.of(!answer.unknown());
        } catch (GroupLostException e) {
            state.lost(first, e);
            return Optional.empty();
        }
    }

    /** A worker without the extension still has its plain sanity check. */
    boolean sanity() throws InterruptedException {
        Case of = Case.step(Phase.CORRECTNESS, "sanity");
        try {
            state.add(CaseResult.without(
                    of,
                    Status.PASS,
                    "this worker has no x_collective: only the sum of 1 over all ranks was checked, it is "
                            + group.sanity(),
                    List.of()));
            return true;
        } catch (GroupLostException e) {
            state.lost(of, e);
            return false;
        }
    }

    /** All phases, once. False where the group was lost. */
    boolean once(Cases cases) throws InterruptedException {
        setup.bars()
                .unused(cases.bandwidth())
                .forEach(words -> state.add(
                        CaseResult.without(Case.step(Phase.BANDWIDTH, "bar"), Status.FAIL, words, List.of())));
        if (ranks.size() > 1 && !setup.sharedGpu()) {
            setup.bars().coverage(cases.bandwidth()).ifPresent(state::add);
        }
        if (!all(cases.correctness())) {
            return false;
        }
        if (setup.sharedGpu()) {
            for (Phase phase : List.of(Phase.COPIES, Phase.MEMORY, Phase.BANDWIDTH, Phase.PAIRS)) {
                skip(phase, "ranks share a GPU: only the data is checked");
            }
            return true;
        }
        return all(cases.copies()) && memory(cases) && bandwidth(cases) && pairs(cases.pairs());
    }

    private boolean bandwidth(Cases cases) throws InterruptedException {
        cases.notMeasured()
                .ifPresent(words -> state.add(
                        CaseResult.without(Case.step(Phase.BANDWIDTH, "sizes"), Status.WARN, words, List.of())));
        cases.notCompared()
                .ifPresent(words -> state.add(
                        CaseResult.without(Case.step(Phase.BANDWIDTH, "data"), Status.SKIPPED, words, List.of())));
        return all(cases.bandwidth());
    }

    private boolean memory(Cases cases) throws InterruptedException {
        if (!setup.source().isOwn()) {
            skip(Phase.MEMORY, "the pool is somebody's: its free memory is not written to");
            return true;
        }
        return all(cases.memory());
    }

    private void skip(Phase phase, String reason) {
        state.add(CaseResult.without(Case.step(phase, "all"), Status.SKIPPED, reason, List.of()));
    }

    /** False where the group was lost, or the run was stopped. */
    boolean all(List<Case> cases) throws InterruptedException {
        return all(cases, result -> {});
    }

    /** The same, and each result also goes to {@code also}. */
    boolean all(List<Case> cases, Consumer<CaseResult> also) throws InterruptedException {
        CaseJudge judge = new CaseJudge(ranks, setup.bars(), cases);
        for (Case of : cases) {
            if (state.stoppedNow()) {
                return false;
            }
            try {
                Group.Answer known = asked.remove(of);
                CaseResult result = judge.judge(of, known == null ? group.run(of) : known);
                state.add(result);
                also.accept(result);
            } catch (GroupLostException e) {
                state.lost(of, e);
                return false;
            }
        }
        return true;
    }

    boolean pairs(List<Case> cases) throws InterruptedException {
        if (ranks.size() < 2) {
            skip(Phase.PAIRS, "one rank has no pair");
            return true;
        }
        pairsRun = true;
        int before = state.results().size();
        boolean whole = all(cases);
        List<CaseResult> found = new ArrayList<>(state.since(before));
        whole = whole && again(found);
        summary(found).results().forEach(state::add);
        return whole;
    }

    private PairSummary summary(List<CaseResult> found) {
        return new PairSummary(Phase.PAIRS, ranks, setup.bars().isStrict(), found);
    }

    /** Measures what looks slow once more before it is named. In the report is the first time, and what else than slow was found. */
    private boolean again(List<CaseResult> found) throws InterruptedException {
        CaseJudge judge = new CaseJudge(ranks, setup.bars(), List.of());
        for (Case of : summary(found).doubtful()) {
            if (state.stoppedNow()) {
                return false;
            }
            try {
                CaseResult result = judge.judge(of, group.run(of));
                found.add(result);
                if (result.status() == Status.FAIL) {
                    state.add(result);
                }
            } catch (GroupLostException e) {
                state.lost(of, e);
                return false;
            }
        }
        return true;
    }

    /** Whether the pairs were begun. */
    boolean pairsRun() {
        return pairsRun;
    }
}
