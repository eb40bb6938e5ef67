package dev.neurontp.worker.collective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels' form of the data is the host's, and neither of the two is believed alone. */
class KernelPatternTest {
    private static final String REMEDY = "NEURON_NCCL_DEVICE_CHECK=never";

    @Test
    void itIsWhatTheHostExpectsInEveryForm() {
        CheckedRunsTest.everyForm().forEach(KernelPatternTest::assertAsTheHostExpects);
    }

    /** A count of 0 is in the contract: there is nothing to check, and nothing is divided by it. */
    @ParameterizedTest
    @EnumSource(Collective.class)
    void ofNoElementsThereIsNone(Collective collective) {
        for (String place : collective.hasInPlace() ? List.of("out", "in") : List.of("out")) {
            CollectiveRequest request = FakeGroup.request(collective.wireName(), "float", "sum", 0, 1, "0-1", place, 3);
            for (int rank = 0; rank < 3; rank++) {
                assertThat(KernelPattern.received(Layout.of(request, rank), 1)).isEmpty();
                assertThat(KernelPattern.sent(Layout.of(request, rank), 1)).isEmpty();
            }
            if (!collective.isLocal()) {
                assertThat(new FakeGroup(request).run()).allSatisfy(result -> {
                    assertThat(result.wrong()).as(result.toString()).isZero();
                    assertThat(result.checked()).isZero();
                });
            }
        }
    }

    private static void assertAsTheHostExpects(CollectiveRequest request) {
        for (int rank = 0; rank < request.ranks(); rank++) {
            Layout layout = Layout.of(request, rank);
            Expectation host = new Expectation(layout, 99);
            Optional<KernelPattern> sent = KernelPattern.sent(layout, 99);
            Optional<KernelPattern> received = KernelPattern.received(layout, 99);
            sent.ifPresent(pattern -> assertSame(pattern, layout.sendCount(), host::sent));
            received.ifPresent(pattern -> assertSame(pattern, layout.received(), host::expected));
        }
    }

    private static void assertSame(KernelPattern pattern, long count, LongUnaryOperator host) {
        assertThat(pattern.count()).isEqualTo(count);
        assertThat(LongStream.range(0, count)
                        .map(i -> FakeKernels.element(pattern, i))
                        .toArray())
                .containsExactly(LongStream.range(0, count).map(host).toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "all_gather, f8e5m2, '', 16, true",
        "reduce_scatter, int8, sum, 16, true",
        "all_reduce, float, sum, 1000, true",
        "all_reduce, bfloat16, sum, 16, true",
        "all_reduce, bfloat16, sum, 17, false",
        "all_reduce, f8e4m3, sum, 2, false",
        "all_reduce, float, avg, 2, false",
        "all_reduce, int32, prod, 2, false",
        "all_reduce, int32, max, 2, false"
    })
    void theKernelsHaveCopiesAndTheSumsOfAllRanks(
            String collective, String type, String redop, int ranks, boolean theirs) {
        Layout layout = Layout.of(FakeGroup.request(collective, type, redop, 10, 0, "", "out", ranks), 0);

        assertThat(KernelPattern.received(layout, 1).isPresent()).isEqualTo(theirs);
        assertThat(KernelPattern.sent(layout, 1).isPresent()).isEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "in"})
    void kernelsFindWhatIsWrongAndTheHostExplainsIt(String place) {
        CollectiveRequest request = FakeGroup.request("all_reduce", "float", "sum", 9000, 0, "", place, 3);
        FakeKernels kernels = new FakeKernels();

        assertThat(new FakeGroup(request).kernels(kernels).run()).allSatisfy(result -> {
            assertThat(result.wrong()).isZero();
            assertThat(result.checked()).isEqualTo(9000);
        });
        assertThat(kernels.checks()).isEqualTo(6);
        assertThat(new FakeGroup(request).kernels(kernels).weight(1, 0).run()).allSatisfy(result -> {
            assertThat(result.wrong()).isEqualTo(9000);
            assertThat(result.cause()).isEqualTo("rank 1 is missing");
            assertThat(result.checked()).isEqualTo(9000);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"all_gather", "gather", "scatter", "reduce_scatter"})
    void inPlaceTheOwnBlockIsFilledAfterTheComplement(String collective) {
        CollectiveRequest request = FakeGroup.request(collective, "int32", "sum", 50, 2, "", "in", 4, 3);

        assertThat(new FakeGroup(request).kernels(new FakeKernels()).run())
                .allSatisfy(result -> assertThat(result.wrong()).isZero());
    }

    @Test
    void aKernelThatFindsNothingIsRefutedByTheSample() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint32", "", 100_000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(all -> {
            kernels.missing(1);
            all.put(1, 99_999, ~all.received(1, 99_999));
        });

        XCollectiveResult result = group.run().get(1);
        assertThat(result.wrong()).as("the element and the disagreement").isEqualTo(2);
        assertThat(result.checked()).isEqualTo(100_000);
        assertThat(result.firstIndex()).hasValue(99_999);
        assertThat(result.cause())
                .contains("the device found none wrong, the host 1 wrong, the first at 99999", REMEDY);
    }

    @Test
    void aKernelThatFindsOtherElementsThanTheHostIsRefuted() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint32", "", 1000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(all -> {
            kernels.missing(1);
            List.of(7L, 9L).forEach(i -> all.put(1, i, ~all.received(1, i)));
        });

        XCollectiveResult result = group.run().get(1);
        assertThat(result.wrong()).isEqualTo(3);
        assertThat(result.firstIndex()).hasValue(7);
        assertThat(result.cause())
                .contains("the device found 1 wrong, the first at 9, the host 2 wrong, the first at 7", REMEDY);
    }

    @Test
    void aKernelThatFindsWhatIsNotWrongIsAFindingOfItsRank() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint32", "", 1000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(_ -> kernels.inventing(5));

        XCollectiveResult result = group.run().get(1);
        assertThat(result.wrong()).isEqualTo(1);
        assertThat(result.checked()).isEqualTo(1000);
        assertThat(result.firstIndex()).isEmpty();
        assertThat(result.cause()).contains("the device found 5 wrong, the first at 0, the host none wrong", REMEDY);
    }

    @Test
    void memoryThatIsWrongOnlyInTheSampleIsAFinding() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint32", "", 1000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(_ -> kernels.spoilingSamples());

        XCollectiveResult result = group.run().get(1);
        assertThat(result.wrong()).isEqualTo(1);
        assertThat(result.cause()).contains("in a sample, and none when it read them again");
    }

    /** The other ranks wait for one that has found something wrong. */
    @Test
    void ofALargeBufferTheHostReadsSoManyOfTheWrongOnes() {
        CollectiveRequest request = FakeGroup.request("all_gather", "uint8", "", 500_001, 0, "", "out", 2);
        FakeGroup group = new FakeGroup(request).kernels(new FakeKernels()).fault(all -> {
            all.put(0, 5, ~all.received(0, 5));
            LongStream.range(500_001, 1_000_002).forEach(i -> all.put(0, i, ~all.received(0, i)));
        });

        XCollectiveResult result = group.run().get(0);
        assertThat(result.wrong()).isEqualTo(500_002);
        assertThat(result.checked()).isEqualTo(1_000_002);
        assertThat(result.firstIndex()).hasValue(5);
        assertThat(result.wrongFrom())
                .as("also of those that only the kernel has seen")
                .containsExactly(new XCollectiveResult.Source(1, 500_001), new XCollectiveResult.Source(0, 1));
        assertThat(result.cause()).isEqualTo("never written");
        assertThat(group.mostRead()).isEqualTo(KernelComparison.MOST_READ + Layout.GUARD_BYTES);
    }

    @Test
    void ofASumsManyWrongElementsSoManyAreExplained() {
        CollectiveRequest request = FakeGroup.request("all_reduce", "int32", "sum", 600_000, 0, "", "in", 3);

        XCollectiveResult result = new FakeGroup(request)
                .kernels(new FakeKernels())
                .weight(1, 0)
                .run()
                .get(2);
        assertThat(result.wrong()).isEqualTo(600_000);
        assertThat(result.checked()).isEqualTo(600_000);
        assertThat(result.cause()).isEqualTo("rank 1 is missing");
        assertThat(result.wrongFrom())
                .containsExactly(new XCollectiveResult.Source(1, XCollectiveResult.MOST_EXPLAINED));
    }

    @Test
    void aSampleRefutesAKernelOfALargeBufferToo() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint8", "", 600_000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(all -> {
            kernels.missing(1);
            all.put(1, 599_999, ~all.received(1, 599_999));
        });

        XCollectiveResult result = group.run().get(1);
        assertThat(result.wrong()).as("the element and the disagreement").isEqualTo(2);
        assertThat(result.firstIndex()).hasValue(599_999);
        assertThat(result.cause()).contains("the device found none wrong, the host 1 wrong, the first at 599999");
        assertThat(group.mostRead()).isLessThanOrEqualTo(KernelComparison.PART + Layout.GUARD_BYTES);
    }

    @Test
    void aKernelThatFindsOtherwiseWhenItLooksAgainIsAFinding() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint8", "", 600_000, 0, "", "out", 2);
        FakeKernels kernels = new FakeKernels();
        FakeGroup group = new FakeGroup(request).kernels(kernels).fault(all -> {
            kernels.missing(1);
            List.of(7L, 8L, 500_000L).forEach(i -> all.put(1, i, ~all.received(1, i)));
        });

        assertThat(group.run().get(1).cause()).contains("the device found 2 wrong, and 1 when it looked again");
    }

    @Test
    void aSampleHasTheFirstTheLastAndOthersOfTheSeed() {
        long[] sample = KernelComparison.sample(1L << 30, 5);

        assertThat(sample).hasSize(4098).startsWith(0, (1L << 30) - 1).doesNotHaveDuplicates();
        assertThat(sample).isNotEqualTo(KernelComparison.sample(1L << 30, 6));
        assertThat(KernelComparison.sample(1, 5)).containsExactly(0);
    }
}
