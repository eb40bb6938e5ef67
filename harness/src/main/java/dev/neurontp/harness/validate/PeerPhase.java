package dev.neurontp.harness.validate;

import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XCollectiveResult.Source;
import dev.neurontp.rpc.XCollectiveResult.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** The phase of copies between two GPUs without NCCL: what a link does, and whether the driver's copies are right. */
final class PeerPhase {
    /** What a buffer holds before the copy. */
    private static final String BEFORE = "0xa5a5a5a5a5a5a5a5";

    private final ValidationRun.Setup setup;
    private final List<RankDevice> ranks;
    private final long largeBytes;

    PeerPhase(ValidationRun.Setup setup, List<RankDevice> ranks) {
        this.setup = setup;
        this.ranks = ranks;
        this.largeBytes = GroupLimits.of(ranks).pairBytes();
    }

    List<CaseResult> results() throws InterruptedException {
        Optional<String> reason = notHere();
        if (reason.isPresent()) {
            return List.of(skipped("all", reason.get()));
        }
        PeerCopies.Answer answer = setup.peers()
                .copy(
                        ranks.stream().map(RankDevice::device).toList(),
                        largeBytes,
                        Math.max(1, setup.plan().iterations()),
                        setup.plan().seed(),
                        setup.plan().timeout());
        Optional<String> other = otherGpus(answer);
        if (other.isPresent()) {
            return List.of(skipped("all", other.get()));
        }
        List<CaseResult> results = judged(answer);
        results.addAll(early(answer));
        results.addAll(new PairSummary(Phase.PEERS, ranks, setup.bars().isStrict(), results).results());
        return results;
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

    private List<CaseResult> judged(PeerCopies.Answer answer) {
        Map<String, PeerCopies.Copy> copies = new HashMap<>();
        answer.copies().forEach(copy -> copies.put(copy.from() + "-" + copy.to(), copy));
        List<CaseResult> results = new ArrayList<>();
        CaseJudge judge = new CaseJudge(ranks, setup.bars(), List.of());
        for (int low = 0; low < ranks.size(); low++) {
            for (int high = low + 1; high < ranks.size(); high++) {
                PeerCopies.Copy there = copies.get(low + "-" + high);
                PeerCopies.Copy back = copies.get(high + "-" + low);
                if (there != null && back != null) {
                    for (long bytes : List.of(PeerCopies.SMALL_BYTES, largeBytes)) {
                        CaseResult result =
                                judge.judge(of(low, high, bytes), answer(there, back, bytes, answer.simulated()));
                        results.add(withAccess(result, there, back));
                    }
                }
            }
        }
        return results;
    }

    private Case of(int low, int high, long bytes) {
        XCollective request = new XCollective(
                "copy_peer",
                "uint64",
                "",
                bytes / Long.BYTES,
                0,
                low + "-" + high,
                "out",
                0,
                1,
                Math.max(1, setup.plan().iterations()),
                1,
                setup.plan().seed(),
                0);
        return Case.of(Phase.PEERS, request, bytes);
    }

    /** Each rank's result is what its GPU received. */
    private static Group.Answer answer(PeerCopies.Copy there, PeerCopies.Copy back, long bytes, boolean simulated) {
        SortedMap<Integer, XCollectiveResult> results = new TreeMap<>();
        for (PeerCopies.Copy copy : List.of(there, back)) {
            PeerCopies.Size size = bytes == PeerCopies.SMALL_BYTES ? copy.small() : copy.large();
            boolean wrong = size.wrong() > 0;
            results.put(
                    copy.to(),
                    new XCollectiveResult(
                            bytes / Long.BYTES,
                            size.wrong(),
                            wrong ? OptionalLong.of(size.first()) : OptionalLong.empty(),
                            WireText.shortened(size.expected()),
                            WireText.shortened(size.got()),
                            size.got().equals(BEFORE) ? "never written" : "",
                            wrong ? List.of(new Source(copy.from(), size.wrong())) : List.of(),
                            Optional.empty(),
                            Optional.of(new Times(size.min(), size.median(), size.max())),
                            OptionalLong.empty(),
                            simulated));
        }
        return new Group.Answer(results, Optional.empty(), false);
    }

    private CaseResult withAccess(CaseResult result, PeerCopies.Copy there, PeerCopies.Copy back) {
        if (result.status() == Status.FAIL || (there.access() && back.access())) {
            return result;
        }
        if (there.access() == back.access()) {
            return result.with(result.status(), "no peer access: the driver copies through the host's memory");
        }
        PeerCopies.Copy without = there.access() ? back : there;
        return result.with(
                Status.WARN,
                "peer access one way only: " + ranks.get(without.from()).words() + " cannot access the memory of "
                        + ranks.get(without.to()).words() + ", which can access its own");
    }

    /** What there is to say where it ended before all had been copied. */
    private List<CaseResult> early(PeerCopies.Answer answer) {
        if (answer.problem().isEmpty()) {
            return List.of();
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
        int left = ranks.size() * (ranks.size() - 1) - answer.copies().size() - 1;
        if (left > 0) {
            results.add(skipped("others", left + " other copies were not tried after that"));
        }
        return results;
    }

    private static CaseResult skipped(String name, String reason) {
        return CaseResult.without(Case.step(Phase.PEERS, name), Status.SKIPPED, reason, List.of());
    }
}
