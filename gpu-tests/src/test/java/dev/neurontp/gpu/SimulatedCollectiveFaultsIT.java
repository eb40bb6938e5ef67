package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults of the stand-in as {@code x_collective} reports them. docs/validation.md has the table of all that make data wrong, which a
 * test of {@code tpctl validate} runs.
 */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedCollectiveFaultsIT {
    private static final int COUNT = 100;
    /** The faults name collective or size, so that the meeting of the ranks before measured runs has none. */
    private static final long TIMEOUT_MS = 120_000;

    private static XCollective request(String collective, String type, String redop, String pairs, long count) {
        return new XCollective(collective, type, redop, count, 0, pairs, "out", 0, 0, 1, 1, 42, TIMEOUT_MS);
    }

    /** What every rank found of one collective; no rank may fail. */
    private static List<XCollectiveResult> run(NcclGroup group, XCollective request)
            throws InterruptedException, WireException {
        group.init();
        List<XCollectiveResult> results = new ArrayList<>();
        for (WorkerResponse response : group.collective(request)) {
            assertThat(response).isInstanceOf(XCollectiveResult.class);
            results.add((XCollectiveResult) response);
        }
        return results;
    }

    /** The ranks that found something wrong. */
    private static List<Integer> wrong(List<XCollectiveResult> results) {
        List<Integer> ranks = new ArrayList<>();
        for (int rank = 0; rank < results.size(); rank++) {
            if (results.get(rank).wrong() > 0) {
                ranks.add(rank);
            }
        }
        return ranks;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void withoutAFaultNothingIsWrong(int world) throws Exception {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, world).start()) {
            group.init();
            for (String collective : List.of(
                    "all_reduce",
                    "all_gather",
                    "reduce_scatter",
                    "broadcast",
                    "reduce",
                    "sendrecv",
                    "alltoall",
                    "gather",
                    "scatter")) {
                String redop = collective.contains("reduce") ? "sum" : "";
                for (String type : List.of("int8", "uint32", "int64", "half", "float", "bfloat16", "f8e4m3")) {
                    assertThat(group.collective(request(collective, type, redop, "", COUNT)))
                            .as(collective + " of " + type)
                            .allSatisfy(response -> assertThat(response)
                                    .isInstanceOfSatisfying(
                                            XCollectiveResult.class,
                                            result -> assertThat(result.wrong()).isZero()));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 3)
    void oneWrongElementIsNamedWithItsIndex(int world) throws Exception {
        int rank = world - 1;
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, world)
                .with("NEURONTP_SIM_FAULT", "corrupt@all_reduce:" + rank + "=" + 4 * COUNT)
                .with("NEURONTP_SIM_CORRUPT_BYTE", "148")
                .start()) {
            List<XCollectiveResult> results = run(group, request("all_reduce", "uint32", "sum", "", COUNT));

            assertThat(wrong(results)).containsExactly(rank);
            XCollectiveResult found = results.get(rank);
            assertThat(found.wrong()).isEqualTo(1);
            assertThat(found.firstIndex()).isEqualTo(OptionalLong.of(37));
            assertThat(found.cause()).contains("bit 0 flipped");
            assertThat(found.expected()).isNotEqualTo(found.got()).contains("0x");
            assertThat(group.collective(request("all_reduce", "uint32", "sum", "", COUNT + 1)))
                    .as("another size")
                    .allMatch(response -> response instanceof XCollectiveResult result && result.wrong() == 0);
        }
    }

    @Test
    void oneSlowPairTakesLongerThanAllOthers() throws Exception {
        // 2 s more for 100 kB, which no other pair takes on a busy host either.
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, 8)
                .with("NEURONTP_SIM_FAULT", "slow@pair:2-3")
                .with("NEURONTP_SIM_SLOW_NS_PER_BYTE", "20000")
                .start()) {
            List<XCollectiveResult> results = run(group, request("pairs", "uint8", "", "0-1,2-3,4-5,6-7", 100_000));

            assertThat(wrong(results)).isEmpty();
            long slow = Math.min(wall(results.get(2)), wall(results.get(3)));
            for (int rank : new int[] {0, 1, 4, 5, 6, 7}) {
                assertThat(wall(results.get(rank))).as("rank " + rank).isLessThan(slow);
            }
        }
    }

    private static long wall(XCollectiveResult result) {
        return result.wall().orElseThrow().median();
    }

    @ParameterizedTest
    @CsvSource("3, 0")
    void aRankThatNeverEntersEndsTheWaitOfAll(int world, int rank) throws Exception {
        try (NcclGroup group = NcclGroup.of(Simulation.HOST, world)
                .with("NEURONTP_SIM_FAULT", "hang@enqueue:" + rank)
                .timeout(3)
                .start()) {
            group.init();

            assertThat(group.collective(request("all_reduce", "uint32", "sum", "", COUNT)))
                    .allSatisfy(response -> assertThat(response)
                            .isInstanceOfSatisfying(
                                    WorkerResponse.Error.class,
                                    error -> assertThat(error.message())
                                            .containsAnyOf("timed out waiting for the other", "ncclRemoteError")))
                    // A rank that waits may hear of the first abort before its own time is up.
                    .anySatisfy(
                            response -> assertThat(response.toString()).contains("timed out waiting for the other"));
        }
    }
}
