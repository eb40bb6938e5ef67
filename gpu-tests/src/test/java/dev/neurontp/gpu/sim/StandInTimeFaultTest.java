package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that a clock finds: on the rank or the pair that they name, and nowhere else. */
@SimTest
class StandInTimeFaultTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(200);
    /** 100 ns a byte. */
    private static final int SLOW_BYTES = 2_000_000;

    @Test
    void aSlowRankTakesTimeByTheByte() throws Exception {
        try (Environment _ = Environment.withFault("slow@collective:1")) {
            // On a busy host not at once.
            await().until(() -> timed(2, 100).stream().allMatch(time -> time.compareTo(WHILE) < 0));
            assertThat(timed(2, SLOW_BYTES)).allMatch(time -> time.compareTo(WHILE) >= 0);
        }
    }

    @Test
    void aSlowRankIsEndedByTheAbort() throws Exception {
        try (Environment _ = Environment.withFault("slow@collective:0");
                Environment _ = Environment.with("NEURONTP_SIM_SLOW_NS_PER_BYTE", "1000000000")) {
            Ranks.joined(1, (_, gpu, comm) -> {
                long address = gpu.allocate(1000);
                comm.allReduce(address, address, 1000, Comm.UINT8, Comm.SUM, gpu);
                assertThat(comm.await(SOON)).isZero();
                await().pollInSameThread().during(WHILE).until(() -> gpu.query() == Gpu.NOT_READY);
                assertThat(comm.abort()).isZero();
                gpu.synchronize();
                return null;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow@pair:1-2", "slow@pair:2-1"})
    void onePairIsSlowBothWaysAndNoOther(String fault) throws Exception {
        try (Environment _ = Environment.withFault(fault)) {
            assertThat(timedPair(3, 1, 2)).isGreaterThanOrEqualTo(WHILE);
            assertThat(timedPair(3, 2, 1)).isGreaterThanOrEqualTo(WHILE);
            await().until(() -> timedPair(3, 0, 1).compareTo(WHILE) < 0);
            await().until(() -> timedPair(3, 2, 0).compareTo(WHILE) < 0);
        }
    }

    @Test
    void aCallMayComeLate() throws Exception {
        try (Environment _ = Environment.withFault("delay@enqueue:1");
                Environment _ = Environment.with("NEURONTP_SIM_DELAY_MS", "300")) {
            Ranks.joined(2, (rank, gpu, comm) -> {
                comm.sumOf(1, gpu);
                assertThat(comm.await(WHILE)).isEqualTo(rank == 0 ? 0 : Comm.IN_PROGRESS);
                assertThat(comm.await(SOON)).isZero();
                gpu.synchronize();
                return comm.destroy();
            });
        }
    }

    /** From where the first rank began to where each was done: one may begin later than the slow time of another. */
    private static List<Duration> timed(int world, int bytes) throws Exception {
        List<Times> times = Ranks.joined(world, (_, gpu, comm) -> {
            long address = gpu.allocate(bytes);
            gpu.synchronize();
            long start = System.nanoTime();
            comm.allReduce(address, address, bytes, Comm.UINT8, Comm.SUM, gpu);
            assertThat(comm.await(SOON)).as(Comm.lastError()).isZero();
            gpu.synchronize();
            Times own = new Times(start, System.nanoTime());
            assertThat(comm.destroy()).isZero();
            return own;
        });
        long first = times.stream().mapToLong(Times::start).min().orElseThrow();
        return times.stream().map(own -> Duration.ofNanos(own.end() - first)).toList();
    }

    /** From the send to what is there of it: the receiver may ask for it later than the pair's slow time began. */
    private static Duration timedPair(int world, int from, int to) throws Exception {
        List<Times> times = Ranks.joined(world, (rank, gpu, comm) -> {
            long address = gpu.allocate(SLOW_BYTES);
            gpu.synchronize();
            long start = System.nanoTime();
            if (rank == from) comm.send(address, SLOW_BYTES, Comm.UINT8, to, gpu);
            if (rank == to) comm.receive(address, SLOW_BYTES, Comm.UINT8, from, gpu);
            assertThat(comm.await(SOON)).as(Comm.lastError()).isZero();
            gpu.synchronize();
            Times own = new Times(start, System.nanoTime());
            assertThat(comm.destroy()).isZero();
            return own;
        });
        return Duration.ofNanos(times.get(to).end() - times.get(from).start());
    }

    /** When a rank began and when it was done, by the clock of this process, in ns. */
    private record Times(long start, long end) {}
}
