package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairVerdictTest {
    private static final List<RankDevice> RANKS = Samples.ranks(8, false);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 16, 33})
    void everyPairIsInExactlyOneRoundAndARankIsInARoundOnce(int ranks) {
        Set<String> seen = new HashSet<>();
        for (String round : new PairRounds(ranks).rounds()) {
            Set<String> busy = new HashSet<>();
            for (String pair : round.split(",", -1)) {
                assertThat(seen.add(pair)).as(pair).isTrue();
                for (String rank : pair.split("-", -1)) {
                    assertThat(busy.add(rank)).as(round).isTrue();
                    assertThat(Integer.parseInt(rank)).isLessThan(ranks);
                }
            }
        }
        assertThat(seen).hasSize(ranks * (ranks - 1) / 2);
    }

    private static List<CaseResult> results(int ranks, ToLongFunction<String> nanos) {
        List<CaseResult> results = new ArrayList<>();
        for (int low = 0; low < ranks; low++) {
            for (int high = low + 1; high < ranks; high++) {
                String pair = low + "-" + high;
                SortedMap<Integer, XCollectiveResult> answers = new TreeMap<>();
                answers.put(low, Samples.right(1 << 26, nanos.applyAsLong(pair)));
                answers.put(high, Samples.right(1 << 26, nanos.applyAsLong(pair)));
                results.add(new CaseResult(
                        Samples.pair(pair, 1 << 26),
                        Status.PASS,
                        "",
                        List.of(),
                        answers,
                        Optional.empty(),
                        Optional.empty()));
            }
        }
        return results;
    }

    @Test
    void equalPairsAreAlike() {
        PairVerdict verdict = new PairVerdict(results(8, pair -> 200_000 + pair.hashCode() % 5000), RANKS, false);
        assertThat(verdict.seconds()).hasSize(28);
        assertThat(verdict.slow()).isEmpty();
    }

    @Test
    void oneSlowPairIsNamedAndNoRankIsBlamed() {
        PairVerdict verdict = new PairVerdict(results(8, pair -> pair.equals("3-6") ? 400_000 : 200_000), RANKS, false);
        assertThat(verdict.slow()).containsOnlyKeys("3-6");
        assertThat(verdict.commonRank()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 8})
    void aSlowRankIsFoundAlthoughHalfOfAllPairsAreSlow(int ranks) {
        PairVerdict verdict =
                new PairVerdict(results(ranks, pair -> pair.contains("2") ? 400_000 : 200_000), RANKS, false);
        assertThat(verdict.slow()).hasSize(ranks - 1);
        assertThat(verdict.commonRank()).contains(2);
    }

    /** A busy host makes some pairs slow. */
    @Test
    void aSimulationToleratesMore() {
        List<CaseResult> results = results(4, pair -> pair.equals("0-1") ? 400_000 : 200_000);
        assertThat(new PairVerdict(results, RANKS, true).slow()).isEmpty();
        assertThat(new PairVerdict(results, RANKS, false).slow()).containsOnlyKeys("0-1");
    }

    /** What goes over the network takes longer than what stays in a host, and is compared with its like. */
    @Test
    void pairsBetweenHostsAreComparedWithEachOther() {
        List<RankDevice> ranks = Samples.onTwoHosts(8);
        ToLongFunction<String> links = pair -> pair.equals("1-6") ? 9_000_000 : isBetween(pair) ? 3_000_000 : 200_000;
        PairVerdict verdict = new PairVerdict(results(8, links), ranks, false);
        assertThat(verdict.compared()).isEqualTo(28);
        assertThat(verdict.slow()).containsOnlyKeys("1-6");
        assertThat(new PairVerdict(results(8, pair -> isBetween(pair) ? 3_000_000 : 200_000), ranks, false).slow())
                .isEmpty();
    }

    private static boolean isBetween(String pair) {
        return pair.charAt(0) < '4' && pair.charAt(2) >= '4';
    }

    @Test
    void ofThreeRanksOnTwoHostsNoPairIsToldToBeTheOddOne() {
        assertThat(new PairSummary(Phase.PAIRS, Samples.onTwoHosts(3), true, results(3, pair -> 1))
                        .results()
                        .getFirst()
                        .reason())
                .startsWith("fewer than three pairs");
    }

    @Test
    void twoRanksHaveNoOddPair() {
        assertThat(new PairVerdict(results(2, pair -> 1), RANKS, false).slow()).isEmpty();
    }

    @Test
    void theSummaryWarnsAndWithStrictFails() {
        List<CaseResult> slow = results(4, pair -> pair.contains("2") ? 400_000 : 200_000);
        CaseResult warned = new PairSummary(Phase.PAIRS, Samples.ranks(4, false), false, slow)
                .results()
                .getFirst();
        assertThat(warned.status()).isEqualTo(Status.WARN);
        assertThat(warned.reason())
                .isEqualTo("every slow pair has rank 2 (h100-17, GPU 2, GPU-00000002, 0000:2b:00.0) in it");
        assertThat(warned.evidence()).hasSize(3).first().asString().contains("pair 0-2 has 50 % of the rate");
        assertThat(new PairSummary(Phase.PAIRS, Samples.ranks(4, false), true, slow)
                        .results()
                        .getFirst()
                        .status())
                .isEqualTo(Status.FAIL);
    }

    @Test
    void whatIsSlowOnceAndNotTheSecondTimeIsAPairLikeTheOthers() {
        List<CaseResult> found = results(4, pair -> pair.equals("0-1") ? 400_000 : 200_000);
        List<RankDevice> ranks = Samples.ranks(4, false);
        PairSummary once = new PairSummary(Phase.PAIRS, ranks, true, found);
        assertThat(once.doubtful()).extracting(PairVerdict::pairs).containsExactly(List.of("0-1"));

        List<CaseResult> again =
                results(4, pair -> 200_000).stream().filter(of("0-1")).toList();
        assertThat(status(ranks, found, again)).isEqualTo(Status.PASS);
        List<CaseResult> slowAgain =
                results(4, pair -> 400_000).stream().filter(of("0-1")).toList();
        assertThat(status(ranks, found, slowAgain)).isEqualTo(Status.FAIL);
    }

    private static Predicate<CaseResult> of(String pair) {
        return result -> PairVerdict.pairs(result.of()).contains(pair);
    }

    private static Status status(List<RankDevice> ranks, List<CaseResult> found, List<CaseResult> again) {
        List<CaseResult> both = Stream.concat(found.stream(), again.stream()).toList();
        return new PairSummary(Phase.PAIRS, ranks, true, both)
                .results()
                .getFirst()
                .status();
    }
}
