package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollectiveResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A pair is measured a second time before it is called slow: what a host did meanwhile is not the link's. */
class PairsAgainTest {
    private static final List<RankDevice> RANKS = Samples.ranks(4, false);

    /** Of one pair the first times are long ones; no host can be asked to be busy at one moment and not at the next. */
    private static final class Links implements Group {
        private final Map<String, Integer> asked = new HashMap<>();
        private final int slowTimes;

        Links(int slowTimes) {
            this.slowTimes = slowTimes;
        }

        @Override
        public Answer run(Case of) {
            String pair = PairVerdict.pairs(of).getFirst();
            int before = asked.merge(of.id(), 1, Integer::sum) - 1;
            long nanos = pair.equals("1-2") && before < slowTimes ? 400_000 : 200_000;
            SortedMap<Integer, XCollectiveResult> results = new TreeMap<>();
            for (String rank : pair.split("-", -1)) {
                results.put(Integer.valueOf(rank), Samples.right(of.bytes(), nanos));
            }
            return Samples.answer(results);
        }

        @Override
        public List<RankDevice> identify() {
            return RANKS;
        }

        @Override
        public Duration join() {
            return Duration.ZERO;
        }

        @Override
        public long sanity() {
            return RANKS.size();
        }

        @Override
        public CaseResult leave(Case of, boolean whole) {
            return CaseResult.without(of, Status.PASS, "", List.of());
        }

        @Override
        public void close() {}
    }

    private static List<CaseResult> pairs(Links links) throws Exception {
        List<CaseResult> results = new ArrayList<>();
        ValidationRun.Setup setup = new ValidationRun.Setup(
                null,
                Samples.plan(),
                new Bars(),
                Optional.empty(),
                false,
                HostCheck.skipped("no"),
                (_, _, _, _, _, _) -> PeerCopies.Answer.none("no"),
                () -> GpuWatch.none("no"));
        RunState state = new RunState(Optional.empty(), Duration.ofSeconds(20), results::add);
        List<Case> cases = new Cases(Samples.plan(), RANKS.size(), GroupLimits.of(RANKS)).pairs();
        assertThat(new CaseRunner(setup, state, links, RANKS).pairs(cases)).isTrue();
        return results;
    }

    @Test
    void aPairThatIsSlowOnceIsMeasuredAgainAloneAndIsAPairLikeTheOthers() throws Exception {
        Links links = new Links(1);
        List<CaseResult> results = pairs(links);

        assertThat(results).hasSize(13).allMatch(result -> result.status() == Status.PASS);
        assertThat(links.asked.entrySet().stream()
                        .filter(one -> one.getValue() > 1)
                        .map(Map.Entry::getKey))
                .containsExactly("pairs/pairs/1-2/64M");
    }

    @Test
    void aPairThatIsSlowTwiceIsNamed() throws Exception {
        assertThat(pairs(new Links(2)).getLast().reason()).contains("slow among 6 pairs: 1-2");
    }
}
