package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseJudgeTest {
    private static final int RANKS = 8;
    private static final Case OF = Samples.measured("all_reduce", Samples.COUNT);
    /** 1 GiB in 4 ms: 268 GB/s algbw, 470 GB/s busbw on 8 ranks. */
    private static final long NANOS = 4_000_000;

    private static CaseResult judge(Bars bars, boolean simulated, SortedMap<Integer, XCollectiveResult> answers) {
        return new CaseJudge(Samples.ranks(RANKS, simulated), bars, List.of(OF)).judge(OF, Samples.answer(answers));
    }

    private static Bars bars(String... texts) {
        Bars bars = new Bars();
        for (String text : texts) {
            bars.add(text, Collective.ALL_REDUCE);
        }
        return bars;
    }

    private static SortedMap<Integer, XCollectiveResult> right() {
        return Samples.all(RANKS, Samples.right(Samples.COUNT, NANOS));
    }

    /** A wrapper may have one already. */
    @ParameterizedTest
    @CsvSource({"460, 480", "480, 460", "all_reduce@1G=460, 480", "480, all_reduce@1073741824=1"})
    void ofSeveralThresholdsAllHold(String one, String other) {
        CaseResult result = judge(bars(one, other), false, right());
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.reason()).contains("480.0 --min-busbw");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.0", "0.000531234, 0.000531", "0.05, 0.05", "1.2345, 1.23", "9.999, 10", "469.84, 469.8"})
    void aSmallBandwidthHasDigitsThatCount(double rate, String text) {
        assertThat(Bandwidth.text(rate)).isEqualTo(text);
    }

    /** Each rank writes to its own memory, and one that has too little of it refuses. */
    @Test
    void whatTheOthersFoundIsNotLostWhereOneRefuses() {
        Case memory = Case.of(
                Phase.MEMORY,
                new XCollective("memory_pattern", "uint64", "", 8000, 0, "", "out", 0, 0, 0, 1, 7, 20_000),
                8000);
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(2, Samples.right(1000, NANOS));
        CaseResult skipped = refused(memory, answers);
        assertThat(skipped.status()).isEqualTo(Status.SKIPPED);
        assertThat(skipped.reason()).isEqualTo("rank 2: too little");
        assertThat(skipped.evidence()).containsExactly("nothing wrong on ranks [0, 1], which did it");

        answers.put(1, Samples.wrong(1000, 3, "bit 4 flipped", List.of()));
        CaseResult failed = refused(memory, answers);
        assertThat(failed.status()).isEqualTo(Status.FAIL);
        assertThat(failed.reason()).isEqualTo("wrong data");
        assertThat(failed.evidence())
                .anyMatch(line -> line.startsWith("rank 1 ("))
                .contains("refused by rank 2: too little");
        assertThat(failed.wrong()).isEqualTo(3);
    }

    private static CaseResult refused(Case of, SortedMap<Integer, XCollectiveResult> answers) {
        return new CaseJudge(Samples.ranks(3, false), bars(), List.of(of))
                .judge(of, new Group.Answer(answers, Optional.of("rank 2: too little"), false));
    }

    @Test
    void rightDataWithoutAThresholdPasses() {
        CaseResult result = judge(bars(), false, right());
        assertThat(result.status()).isEqualTo(Status.PASS);
        assertThat(result.bandwidth().orElseThrow().bus()).isBetween(469.0, 470.0);
        assertThat(result.bar()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "460, PASS",
        "480, FAIL",
        "all_reduce=480, FAIL",
        "all_reduce@1G=480, FAIL",
        "all_reduce@1G=460, PASS",
        "all_reduce@512M=480, PASS",
        "broadcast=480, PASS"
    })
    void anExplicitThresholdHoldsForItsCollectiveAndSize(String bar, Status status) {
        CaseResult result = judge(bars(bar), false, right());
        assertThat(result.status()).isEqualTo(status);
        if (status == Status.FAIL) {
            assertThat(result.reason()).contains("busbw 469", "480.0 --min-busbw");
        }
    }

    /** A simulated run has no bandwidth, so nothing can be compared with it. */
    @Test
    void aSimulationHasNoBandwidth() {
        CaseResult result = judge(bars("1"), true, Samples.all(RANKS, Samples.right(Samples.COUNT, NANOS, true)));
        assertThat(result.bandwidth()).isEmpty();
        assertThat(result.bar()).isEmpty();
        assertThat(Hardware.SIMULATED.label(result.status())).isEqualTo("PASS (simulated)");
    }

    @Test
    void aThresholdWithoutATimeIsNoPass() {
        XCollectiveResult untimed = new XCollectiveResult(
                Samples.COUNT,
                0,
                OptionalLong.empty(),
                "",
                "",
                "",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false);
        assertThat(judge(bars("1"), false, Samples.all(RANKS, untimed)).status())
                .isEqualTo(Status.SKIPPED);
    }

    @Test
    void oneWrongElementOnOneRankFailsAndNamesItsGpu() {
        SortedMap<Integer, XCollectiveResult> answers = right();
        answers.put(
                3, Samples.wrong(Samples.COUNT, 1, "rank 6 is missing", List.of(new XCollectiveResult.Source(6, 1))));
        CaseResult result = judge(bars(), false, answers);
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(String.join("\n", result.evidence()))
                .contains(
                        "rank 3 (h100-17, GPU 3, GPU-00000003, 0000:3b:00.0) has 1 wrong of 268435456 elements",
                        "element 5 (byte 20): expected 3 (0x40400000), got 2 (0x40000000)",
                        "rank 6 is missing",
                        "they belong to rank 6 (h100-17, GPU 6, GPU-00000006, 0000:6b:00.0): 1")
                .doesNotContain("rank 4 (");
    }

    /** The contract allows a rank 2^63 - 1: two of them are no small number, and none below 0. */
    @Test
    void theTotalsOfWhatTheRanksClaimAreAtMostTheLargestNumber() {
        CaseResult result =
                judge(bars(), false, Samples.all(RANKS, Samples.wrong(Long.MAX_VALUE, Long.MAX_VALUE, "", List.of())));
        assertThat(result.wrong()).isEqualTo(Long.MAX_VALUE);
        assertThat(result.checked()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theByteOfAnIndexIsNeverBelowZero() {
        SortedMap<Integer, XCollectiveResult> answers = right();
        XCollectiveResult far = new XCollectiveResult(
                Samples.COUNT,
                1,
                OptionalLong.of(Long.MAX_VALUE),
                "",
                "",
                "",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false);
        answers.put(3, far);
        assertThat(judge(bars(), false, answers).evidence().get(1))
                .contains("element 9223372036854775807 (byte 36893488147419103228)");
    }

    /** What a worker did not compare it did not see, whatever it claims. */
    @Test
    void aRankThatComparesLessThanItReceivedFails() {
        SortedMap<Integer, XCollectiveResult> answers = right();
        answers.put(2, Samples.right(Samples.COUNT - 1, NANOS));
        CaseResult result = judge(bars(), false, answers);
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.evidence().getFirst()).contains("rank 2 (", "compared 268435455 elements of 268435456");
    }

    @Test
    void aRankThatComparesMoreThanItReceivedFails() {
        SortedMap<Integer, XCollectiveResult> answers = right();
        answers.put(2, Samples.right(Samples.COUNT + 1, NANOS));
        CaseResult result = judge(bars(), false, answers);
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.reason()).isEqualTo("not exactly every element was compared");
        assertThat(result.evidence().getFirst()).contains("rank 2 (", "it has not received so many");
    }

    /** Hardware in one answer and a simulation in the next: one of them is not true. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void aRankThatContradictsItselfAboutItsHardwareFails(boolean device, boolean collective) {
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(RANKS, Samples.right(Samples.COUNT, NANOS, device));
        answers.put(4, Samples.right(Samples.COUNT, NANOS, collective));
        CaseResult result = judge(bars(), device, answers);
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.evidence()).singleElement().asString().contains("rank 4 (", "to x_device", "to x_collective");
    }

    @ParameterizedTest
    @CsvSource({"1", "2000"})
    void aTimeThatNoHardwareHasIsNoBandwidth(long nanos) {
        CaseResult result = judge(bars("1"), false, Samples.all(RANKS, Samples.right(Samples.COUNT, nanos)));
        assertThat(result.status()).isEqualTo(Status.WARN);
        assertThat(result.bandwidth()).isEmpty();
        assertThat(result.reason()).contains("a time that no hardware has", nanos + " ns");
    }

    @Test
    void runsWithoutATimeAreNoPass() {
        CaseResult result = judge(bars(), false, Samples.all(RANKS, Samples.right(Samples.COUNT, 0)));
        assertThat(result.status()).isEqualTo(Status.WARN);
        assertThat(result.reason()).isEqualTo("no rank gave a time of its 20 runs");
    }

    /** A rank in no pair compares nothing, and owes nothing. */
    @Test
    void ranksOfAPairThatCompareNothingFailAndTheOthersDoNot() {
        Case of = Samples.pair("0-3", 1 << 20);
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(RANKS, Samples.right(0, NANOS));
        CaseResult result =
                new CaseJudge(Samples.ranks(RANKS, false), bars(), List.of(of)).judge(of, Samples.answer(answers));
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.evidence())
                .satisfiesExactly(
                        line -> assertThat(line).contains("rank 0 (", "compared 0 elements of 1048576"),
                        line -> assertThat(line).contains("rank 3 (", "compared 0 elements of 1048576"));
        answers.put(0, Samples.right(1 << 20, NANOS));
        answers.put(3, Samples.right(1 << 20, NANOS));
        assertThat(new CaseJudge(Samples.ranks(RANKS, false), bars(), List.of(of))
                        .judge(of, Samples.answer(answers))
                        .status())
                .isEqualTo(Status.PASS);
    }

    /** Copies and memory are counted in words of 8 bytes. */
    @ParameterizedTest
    @CsvSource({"COPIES, copy_h2d, 3", "COPIES, copy_d2h, 3", "COPIES, copy_d2d, 3", "MEMORY, memory_pattern, 0"})
    void aDeviceThatComparesNothingFails(Phase phase, String kind, int iterations) {
        Case of = Case.of(
                phase, new XCollective(kind, "uint64", "", 4096, 0, "", "out", 0, 2, iterations, 1, 7, 20_000), 4096);
        CaseJudge judge = new CaseJudge(Samples.ranks(2, false), bars(), List.of(of));
        assertThat(judge.judge(of, Samples.answer(Samples.all(2, Samples.right(512, NANOS))))
                        .status())
                .isEqualTo(Status.PASS);
        CaseResult result = judge.judge(of, Samples.answer(Samples.all(2, Samples.right(0, NANOS))));
        assertThat(result.status()).isEqualTo(Status.FAIL);
        assertThat(result.evidence().getFirst()).contains("compared 0 elements of 512");
    }

    @Test
    void whatNoRankCanDoIsSkippedWithItsReason() {
        Group.Answer refusal = new Group.Answer(new TreeMap<>(), Optional.of("rank 0: f8e4m3 needs NCCL 2.24"), false);
        CaseResult result = new CaseJudge(Samples.ranks(RANKS, false), bars(), List.of(OF)).judge(OF, refusal);
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).contains("needs NCCL 2.24");
    }

    @Test
    void theLastToArriveIsNamed() {
        SortedMap<Integer, XCollectiveResult> answers = right();
        XCollectiveResult one = answers.get(5);
        answers.put(
                5,
                new XCollectiveResult(
                        one.checked(),
                        0,
                        OptionalLong.empty(),
                        "",
                        "",
                        "",
                        List.of(),
                        one.device(),
                        one.wall(),
                        OptionalLong.of(1_011_000),
                        false));
        assertThat(judge(bars(), false, answers).evidence()).containsExactly("last: rank 5 +11 us");
    }

    /** Published figures contradict each other: they warn and never fail. */
    @Test
    void aPublishedFigureOnlyWarns() {
        CaseResult slow = judge(bars(), false, Samples.all(RANKS, Samples.right(Samples.COUNT, 2 * NANOS)));
        assertThat(slow.status()).isEqualTo(Status.WARN);
        assertThat(slow.reason()).contains("published figure", "466.0", "Azure", "2024-09");
    }
}
