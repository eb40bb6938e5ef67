package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The phase of copies between two GPUs without NCCL: what a link does, and whether the driver's copies are right. */
final class PeerPhase {
    private final ValidationRun.Setup setup;
    private final List<RankDevice> ranks;
    private final long largeBytes;
    private final PeerJudge judge;
    private final BooleanSupplier stopped;

    /**
     * @param stopped whether the run is ended
     */
    PeerPhase(ValidationRun.Setup setup, List<RankDevice> ranks, BooleanSupplier stopped) {
        this.stopped = stopped;
        this.setup = setup;
        this.ranks = ranks;
        this.largeBytes = GroupLimits.of(ranks).pairBytes();
        this.judge = new PeerJudge(setup, ranks, largeBytes);
    }

    List<CaseResult> results() throws InterruptedException {
        Optional<String> reason = notHere();
        if (reason.isPresent()) {
            return List.of(skipped("all", reason.get()));
        }
        PeerCopies.Answer answer = copy();
        Optional<String> other = otherGpus(answer);
        if (other.isPresent()) {
            return List.of(skipped("all", other.get()));
        }
        List<CaseResult> results = judge.results(answer);
        results.addAll(early(answer));
        List<CaseResult> found = new ArrayList<>(results);
        if (answer.problem().isEmpty()
                && !stopped.getAsBoolean()
                && !summary(found).doubtful().isEmpty()) {
            found.addAll(again(results));
        }
        results.addAll(summary(found).results());
        return results;
    }

    private PeerCopies.Answer copy() throws InterruptedException {
        return setup.peers()
                .copy(
                        ranks.stream().map(RankDevice::device).toList(),
                        largeBytes,
                        Math.max(1, setup.plan().iterations()),
                        setup.plan().seed(),
                        setup.plan().timeout(),
                        stopped);
    }

    private PairSummary summary(List<CaseResult> found) {
        return new PairSummary(Phase.PEERS, ranks, setup.bars().isStrict(), found);
    }

    /** Copies once more before a pair is named as slow. In the report is the first time, and what else than slow was found. */
    private List<CaseResult> again(List<CaseResult> report) throws InterruptedException {
        PeerCopies.Answer answer = copy();
        List<CaseResult> found = judge.results(answer);
        found.stream().filter(result -> result.status() == Status.FAIL).forEach(report::add);
        report.addAll(early(answer));
        return found;
    }

    /** Why nothing is copied for these ranks. */
    private Optional<String> notHere() {
        if (!ValidationReport.needsGpu(setup.source().communicator())) {
            return Optional.of(setup.source().communicator() + " uses no GPU");
        }
        if (!setup.source().isOwn()) {
            return Optional.of("the pool is somebody's: its free memory is not written to");
        }
        if (setup.sharedGpu()) {
            return Optional.of("ranks share a GPU: only the data of collectives is checked");
        }
        if (ranks.size() < 2) {
            return Optional.of("one rank has no pair");
        }
        if (ranks.stream().anyMatch(rank -> rank.deviceUuid().isEmpty())) {
            return Optional.of("not every rank says which GPU it has");
        }
        if (ranks.stream().anyMatch(rank -> rank.deviceUuid().startsWith("MIG-"))) {
            return Optional.of("MIG devices have no access to each other's memory");
        }
        return Optional.empty();
    }

    /** Whether it were the ranks' GPUs, and as real as theirs. */
    private Optional<String> otherGpus(PeerCopies.Answer answer) {
        for (int i = 0; i < answer.uuids().size(); i++) {
            if (!answer.uuids().get(i).equals(ranks.get(i).deviceUuid())) {
                return Optional.of(ranks.get(i).words() + " has another GPU than this process sees as device "
                        + ranks.get(i).device() + ": " + answer.uuids().get(i));
            }
        }
        boolean simulated = Hardware.of(ranks) == Hardware.SIMULATED;
        return answer.copies().isEmpty() || answer.simulated() == simulated
                ? Optional.empty()
                : Optional.of("the ranks are " + (simulated ? "simulated" : "not simulated")
                        + ", and this process's libcuda " + (simulated ? "is not" : "is"));
    }

    /** What there is to say where it ended before all had been copied. */
    private List<CaseResult> early(PeerCopies.Answer answer) {
        int all = ranks.size() * (ranks.size() - 1);
        if (answer.problem().isEmpty()) {
            int left = all - answer.copies().size();
            return stopped.getAsBoolean() && left > 0
                    ? List.of(skipped("others", "the run was ended: " + left + " other copies were not tried"))
                    : List.of();
        }
        String problem = answer.problem().get();
        if (answer.stoppedAt().isEmpty()) {
            return List.of(CaseResult.without(
                    Case.step(Phase.PEERS, "all"), answer.hung() ? Status.FAIL : Status.SKIPPED, problem, List.of()));
        }
        int from = answer.stoppedAt().get().from();
        int to = answer.stoppedAt().get().to();
        List<CaseResult> results = new ArrayList<>();
        results.add(CaseResult.without(
                Case.step(Phase.PEERS, from + "-" + to),
                Status.FAIL,
                (answer.hung() ? "the copy does not end: " : "the copy failed: ")
                        + ranks.get(from).words() + " to " + ranks.get(to).words(),
                List.of(problem)));
        int left = all - answer.copies().size() - 1;
        if (left > 0) {
            results.add(skipped("others", left + " other copies were not tried after that"));
        }
        return results;
    }

    private static CaseResult skipped(String name, String reason) {
        return CaseResult.without(Case.step(Phase.PEERS, name), Status.SKIPPED, reason, List.of());
    }
}
