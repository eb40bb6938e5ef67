package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WorkerResponse.XNcclCheckResult;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sums are worked out here by adding, and read back by the code. */
class SumDiagnosisTest {
    private static XNcclCheckResult sums(IntStream contributing, int worldSize) {
        int[] words = new int[(worldSize + 31) / 32];
        int ones = 0;
        int ranks = 0;
        for (int rank : contributing.toArray()) {
            ones += 1;
            ranks += rank + 1;
            words[rank / 32] += 1 << (rank % 32);
        }
        StringBuilder bits = new StringBuilder();
        for (int word : words) {
            bits.insert(0, "%08x".formatted(word));
        }
        return new XNcclCheckResult(ones, ranks, bits.toString());
    }

    private static Map<Integer, XNcclCheckResult> everyRankSees(XNcclCheckResult sums, int worldSize) {
        Map<Integer, XNcclCheckResult> answers = new HashMap<>();
        IntStream.range(0, worldSize).forEach(rank -> answers.put(rank, sums));
        return answers;
    }

    @Property(tries = 200)
    void rightSumsBlameNobody(@ForAll @IntRange(min = 1, max = 130) int worldSize) {
        XNcclCheckResult sums = sums(IntStream.range(0, worldSize), worldSize);

        assertThat(SumDiagnosis.find(worldSize, everyRankSees(sums, worldSize))).isEmpty();
    }

    @Property(tries = 200)
    void aMissingContributionIsBlamedOnItsRank(
            @ForAll @IntRange(min = 2, max = 130) int worldSize, @ForAll @IntRange(max = 129) int at) {
        int missing = at % worldSize;
        XNcclCheckResult sums = sums(IntStream.range(0, worldSize).filter(rank -> rank != missing), worldSize);

        assertThat(SumDiagnosis.find(worldSize, everyRankSees(sums, worldSize)))
                .containsOnlyKeys(missing)
                .allSatisfy((_, reason) -> assertThat(reason).contains("contribution is missing"));
    }

    @Property(tries = 200)
    void aWrongResultOnOneRankIsBlamedOnThatRank(
            @ForAll @IntRange(min = 2, max = 40) int worldSize, @ForAll @IntRange(max = 39) int at) {
        int wrong = at % worldSize;
        Map<Integer, XNcclCheckResult> answers =
                everyRankSees(sums(IntStream.range(0, worldSize), worldSize), worldSize);
        answers.put(wrong, new XNcclCheckResult(worldSize ^ 1, 7, "zz"));

        assertThat(SumDiagnosis.find(worldSize, answers))
                .containsOnlyKeys(wrong)
                .allSatisfy((_, reason) -> assertThat(reason).contains("it received wrong sums"));
    }

    @Property(tries = 100)
    void sumsThatExplainNothingBlameAll(
            @ForAll @IntRange(min = 2, max = 40) int worldSize, @ForAll @IntRange(max = 39) int at) {
        IntStream twice = IntStream.concat(IntStream.range(0, worldSize), IntStream.of(at % worldSize));

        assertThat(SumDiagnosis.find(worldSize, everyRankSees(sums(twice, worldSize), worldSize)))
                .hasSize(worldSize);
    }
}
