package dev.neurontp.gpu.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The faults that a check of the data finds: on the rank that they name, and nowhere else. */
@SimTest
class StandInDataFaultTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void twoBlocksOfAnAllGatherChangePlacesOnOneRank() throws Exception {
        try (Environment _ = Environment.withFault("swap@collective:1")) {
            assertThat(gathered(3)).containsExactly("000111222", "111000222", "000111222");
            assertThat(exchanged(3)).containsExactly("000111222", "111000222", "000111222");
        }
    }

    @Test
    void theLastBytesOfAResultAreNotWrittenOnOneRank() throws Exception {
        String whole = "0".repeat(18) + "1".repeat(18);
        String cut = "0".repeat(18) + "11" + "#".repeat(16);
        try (Environment _ = Environment.withFault("short@collective:0")) {
            assertThat(gathered(2, 18)).containsExactly(cut, whole);
            assertThat(exchanged(2, 18)).containsExactly(cut, whole);
        }
    }

    @Test
    void anyByteOfAResultMayBeTheCorruptOne() throws Exception {
        try (Environment _ = Environment.withFault("corrupt@collective:1");
                Environment _ = Environment.with("NEURONTP_SIM_CORRUPT_BYTE", "4")) {
            assertThat(gathered(3)).containsExactly("000111222", "000101222", "000111222");
            assertThat(exchanged(3)).containsExactly("000111222", "000101222", "000111222");
        }
        try (Environment _ = Environment.withFault("corrupt@collective:1");
                Environment _ = Environment.with("NEURONTP_SIM_CORRUPT_BYTE", "1000")) {
            assertThat(gathered(2)).as("the last one").containsExactly("000111", "000110");
        }
    }

    @Test
    void whatARankSendsMayBeLeftOut() throws Exception {
        try (Environment _ = Environment.withFault("skip@collective:1")) {
            assertThat(exchanged(3)).containsExactly("000###222", "000111222", "000###222");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "corrupt@all_gather:0, 100111, 000111",
        "corrupt@send_recv:0, 000111, 100111",
        "corrupt@all_reduce:0, 000111, 000111",
        "corrupt@collective:0=3, 100111, 100111",
        "corrupt@collective:0=4, 000111, 000111",
        "corrupt@send_recv:0#1=3, 000111, 100111"
    })
    void aFaultMayBeForOneCollectiveAndForOneSize(String fault, String gathered, String exchanged) throws Exception {
        try (Environment _ = Environment.withFault(fault)) {
            assertThat(gathered(2)).containsExactly(gathered, "000111");
            assertThat(exchanged(2)).containsExactly(exchanged, "000111");
        }
    }

    @Test
    void oneBitOfOneDevicesMemoryDoesNotKeepWhatIsWritten() throws Exception {
        try (Environment _ = Environment.withFault("bitflip@memory:1");
                Environment _ = Environment.with("NEURONTP_SIM_BITFLIP_BYTE", "6")) {
            assertThat(copied(0)).isEqualTo("aaaabbbb");
            assertThat(copied(1)).as("both that lie at 4 to 7 of the device").isEqualTo("aaaabbBb");
        }
        try (Environment _ = Environment.withFault("bitflip@memory:1")) {
            assertThat(copied(1)).as("the middle of the memory is far away").isEqualTo("aaaabbbb");
        }
    }

    @Test
    void aResultFallsIntoTheBadMemoryToo() throws Exception {
        try (Environment _ = Environment.withFault("bitflip@memory:1");
                Environment _ = Environment.with("NEURONTP_SIM_BITFLIP_BYTE", "3")) {
            assertThat(gathered(2)).containsExactly("000111", "000\u0011" + "11");
        }
    }

    /** Two allocations, one filled and one copied to. */
    private static String copied(int device) throws Exception {
        return Ranks.run(device + 1, (_, gpu) -> {
                    long first = gpu.allocate(4);
                    long second = gpu.allocate("bbbb".getBytes(US_ASCII));
                    Gpu.check(Gpu.library().call("cuMemsetD8Async", first, (int) 'a', 4L, gpu.stream()));
                    return text(gpu.read(first, 4)) + text(gpu.read(second, 4));
                })
                .get(device);
    }

    private static List<String> gathered(int world) throws Exception {
        return gathered(world, 3);
    }

    /** An all-gather of each rank's number, so many times; what nobody wrote is #. */
    private static List<String> gathered(int world, int count) throws Exception {
        return Ranks.joined(world, (rank, gpu, comm) -> {
            long to = gpu.allocate("#".repeat(count * world).getBytes(US_ASCII));
            long from = gpu.allocate(block(rank, count));
            comm.allGather(from, to, count, Comm.UINT8, gpu);
            return end(comm, text(gpu.read(to, after(comm, count * world))));
        });
    }

    private static List<String> exchanged(int world) throws Exception {
        return exchanged(world, 3);
    }

    /** The same by sends and receives. */
    private static List<String> exchanged(int world, int count) throws Exception {
        return Ranks.joined(world, (rank, gpu, comm) -> {
            long to = gpu.allocate("#".repeat(count * world).getBytes(US_ASCII));
            long from = gpu.allocate(block(rank, count));
            Comm.group(() -> {
                for (int peer = 0; peer < world; peer++) {
                    comm.receive(to + (long) peer * count, count, Comm.UINT8, peer, gpu);
                    comm.send(from, count, Comm.UINT8, peer, gpu);
                }
            });
            return end(comm, text(gpu.read(to, after(comm, count * world))));
        });
    }

    private static byte[] block(int rank, int count) {
        return Integer.toString(rank).repeat(count).getBytes(US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }

    private static <T> T after(Comm comm, T result) {
        assertThat(comm.await(SOON)).as(Comm.lastError()).isZero();
        return result;
    }

    private static <T> T end(Comm comm, T result) {
        assertThat(comm.destroy()).isZero();
        return result;
    }
}
