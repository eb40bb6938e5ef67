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

/** Turns copies between two GPUs into results of their pair. */
final class PeerJudge {
    /** What a buffer holds before the copy. */
    private static final String BEFORE = "0xa5a5a5a5a5a5a5a5";

    private final ValidationRun.Setup setup;
    private final List<RankDevice> ranks;
    private final long largeBytes;

    PeerJudge(ValidationRun.Setup setup, List<RankDevice> ranks, long largeBytes) {
        this.setup = setup;
        this.ranks = ranks;
        this.largeBytes = largeBytes;
    }

    /** Two results for each pair that was copied both ways, a small and a large one. */
    List<CaseResult> results(PeerCopies.Answer answer) {
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
}
