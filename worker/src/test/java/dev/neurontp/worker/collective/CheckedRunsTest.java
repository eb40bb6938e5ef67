package dev.neurontp.worker.collective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XCollectiveResult.Source;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is right passes in every form; what is wrong is found, counted and named. */
@Tag("long")
class CheckedRunsTest {
    static Stream<CollectiveRequest> everyForm() {
        return Stream.of(Collective.values())
                .filter(collective -> !collective.isLocal())
                .flatMap(collective -> Stream.of(ElementType.values())
                        .flatMap(type -> Stream.of(ReduceOp.values())
                                .filter(op -> collective.reduces() || op == ReduceOp.SUM)
                                .flatMap(op -> Stream.of("out", "in")
                                        .filter(place -> place.equals("out") || collective.hasInPlace())
                                        .flatMap(place -> Stream.of(1, 2, 3, 7, 16)
                                                .filter(ranks -> ranks > 1 || collective != Collective.PAIRS)
                                                .map(ranks -> FakeGroup.request(
                                                        collective.wireName(),
                                                        type.wireName(),
                                                        op.name().toLowerCase(java.util.Locale.ROOT),
                                                        37,
                                                        ranks - 1,
                                                        "0-1",
                                                        place,
                                                        ranks,
                                                        ranks % 2))))));
    }

    @ParameterizedTest
    @MethodSource("everyForm")
    void whatIsRightIsFoundRightInAnyOrderOfTheRanks(CollectiveRequest request) {
        List<XCollectiveResult> results = new FakeGroup(request).run();

        assertThat(results).allSatisfy(result -> {
            assertThat(result.wrong()).as(result.toString()).isZero();
            assertThat(result.cause()).isEmpty();
        });
        for (int rank = 0; rank < request.ranks(); rank++) {
            assertThat(results.get(rank).checked())
                    .isEqualTo(Layout.of(request, rank).received());
        }
        assertThat(results.stream().mapToLong(XCollectiveResult::checked).sum()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void aMissingRankAndOneThatCountsTwiceAreNamed(ElementType type) {
        for (String op : List.of("sum", "prod")) {
            for (int ranks : List.of(2, 3, 8)) {
                for (int rank = 0; rank < ranks; rank++) {
                    CollectiveRequest request =
                            FakeGroup.request("all_reduce", type.wireName(), op, 500, 0, "", "out", ranks);

                    assertNamed(new FakeGroup(request).weight(rank, 0).run(), rank, "rank " + rank + " is missing");
                    assertNamed(
                            new FakeGroup(request).weight(rank, 2).run(), rank, "rank " + rank + " is counted twice");
                }
            }
        }
    }

    private static void assertNamed(List<XCollectiveResult> results, int rank, String cause) {
        assertThat(results).allSatisfy(result -> {
            assertThat(result.wrong()).as(result.toString()).isPositive();
            assertThat(result.cause()).as(result.toString()).isEqualTo(cause);
            assertThat(result.wrongFrom()).extracting(Source::rank).containsExactly((long) rank);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"min", "max", "avg"})
    void aRankThatIsMissingFromTheOtherReductionsIsNamedToo(String op) {
        CollectiveRequest request = FakeGroup.request("reduce_scatter", "float", op, 4000, 0, "", "out", 4);

        assertNamed(new FakeGroup(request).weight(2, 0).run(), 2, "rank 2 is missing");
    }

    @Test
    void oneMissingNumberOfOneElementIsEnough() {
        CollectiveRequest request = FakeGroup.request("all_reduce", "int64", "sum", 1, 0, "", "out", 16);

        assertNamed(new FakeGroup(request).weight(11, 0).run(), 11, "rank 11 is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all_gather", "alltoall"})
    void blocksThatAreExchangedAreNamedOnlyWhereTheyAre(String collective) {
        CollectiveRequest request = FakeGroup.request(collective, "bfloat16", "", 100, 0, "", "out", 4);

        List<XCollectiveResult> results = new FakeGroup(request)
                .fault(group -> {
                    for (long i = 0; i < 100; i++) {
                        long one = group.received(3, 100 + i);
                        group.put(3, 100 + i, group.received(3, 200 + i));
                        group.put(3, 200 + i, one);
                    }
                })
                .run();

        assertThat(results.subList(0, 3))
                .allSatisfy(result -> assertThat(result.wrong()).isZero());
        assertThat(results.get(3).wrong()).isEqualTo(200);
        assertThat(results.get(3).firstIndex()).hasValue(100);
        assertThat(results.get(3).wrongFrom()).containsExactly(new Source(1, 100), new Source(2, 100));
    }

    @Test
    void aBlockOfAnotherRankIsNamed() {
        CollectiveRequest request = FakeGroup.request("all_gather", "double", "", 64, 0, "", "in", 3);

        List<XCollectiveResult> results = new FakeGroup(request)
                .fault(group -> {
                    for (long i = 0; i < 64; i++) {
                        group.put(0, 64 + i, group.received(0, 128 + i));
                    }
                })
                .run();

        assertThat(results.get(0).cause()).isEqualTo("holds what belongs to rank 2");
        assertThat(results.get(0).wrongFrom()).containsExactly(new Source(1, 64));
    }

    @Test
    void whatWasNeverWrittenAndAFlippedBitAreNamed() {
        CollectiveRequest request = FakeGroup.request("broadcast", "uint32", "", 1000, 1, "", "out", 2);

        XCollectiveResult unwritten = new FakeGroup(request)
                .fault(group -> {
                    for (long i = 990; i < 1000; i++) {
                        group.put(0, i, ~group.received(0, i));
                    }
                })
                .run()
                .getFirst();
        XCollectiveResult flipped = new FakeGroup(request)
                .fault(group -> group.put(0, 7, group.received(0, 7) ^ 1 << 17))
                .run()
                .getFirst();

        assertThat(unwritten.wrong()).isEqualTo(10);
        assertThat(unwritten.firstIndex()).hasValue(990);
        assertThat(unwritten.cause()).isEqualTo("never written");
        assertThat(unwritten.wrongFrom()).containsExactly(new Source(1, 10));
        assertThat(flipped.wrong()).isEqualTo(1);
        assertThat(flipped.cause()).isEqualTo("bit 17 flipped");
        assertThat(flipped.expected()).matches("\\d+ \\(0x[0-9a-f]{8}\\)");
        assertThat(flipped.got()).isNotEqualTo(flipped.expected());
    }

    @Test
    void aReductionThatWasNotDoneInPlaceWasNeverWritten() {
        CollectiveRequest request = FakeGroup.request("all_reduce", "float", "sum", 300, 0, "", "in", 4);
        DataPattern pattern = DataPattern.of(request, 42);

        XCollectiveResult result = new FakeGroup(request)
                .fault(group -> {
                    for (long i = 0; i < 300; i++) {
                        group.put(2, i, pattern.sent(2, i));
                    }
                })
                .run()
                .get(2);

        assertThat(result.wrong()).isEqualTo(300);
        assertThat(result.cause()).isEqualTo("never written");
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void oneWrongElementAnywhereIsFound(ElementType type) {
        CollectiveRequest request = FakeGroup.request("all_reduce", type.wireName(), "sum", 77, 0, "", "out", 3);
        for (long at : List.of(0L, 40L, 76L)) {
            XCollectiveResult result = new FakeGroup(request)
                    .fault(group -> group.put(1, at, group.received(1, at) ^ 3))
                    .run()
                    .get(1);

            assertThat(result.wrong()).isEqualTo(1);
            assertThat(result.firstIndex()).hasValue(at);
        }
    }

    @Test
    void whatIsWrittenBehindTheEndIsFound() {
        CollectiveRequest request = FakeGroup.request("all_gather", "half", "", 5, 0, "", "out", 3, 1);

        XCollectiveResult result =
                new FakeGroup(request).fault(group -> group.put(1, 15, 0)).run().get(1);

        assertThat(result.wrong()).isEqualTo(1);
        assertThat(result.firstIndex()).hasValue(15);
        assertThat(result.cause()).isEqualTo("written behind the end of the receive buffer");
    }

    @Test
    void whatHasNoExplanationGetsNone() {
        CollectiveRequest request = FakeGroup.request("all_reduce", "int32", "sum", 100, 0, "", "out", 3);

        XCollectiveResult result = new FakeGroup(request)
                .fault(group -> {
                    for (long i = 0; i < 100; i++) {
                        group.put(0, i, group.received(0, i) + 12345 * (i + 3));
                    }
                })
                .run()
                .getFirst();

        assertThat(result.wrong()).isEqualTo(100);
        assertThat(result.cause()).isEmpty();
        assertThat(result.wrongFrom()).isEmpty();
    }
}
