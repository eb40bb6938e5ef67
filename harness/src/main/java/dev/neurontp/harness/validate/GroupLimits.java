package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XDeviceInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a group's devices have room for, in bytes.
 *
 * @param largestBuffer of one collective: a third of the smallest free memory, as nccl-tests takes it
 * @param why what sets that limit, for a person who has asked for more
 * @param quickLargest the last size of a quick run
 * @param fullLargest the last size of a full run
 * @param pairBytes the large message between two ranks
 * @param copyBytes one copy between host and device
 * @param memoryBytes the share of the free memory that a pattern is written to
 * @param forAllRuns what a request with many runs gets more than a single run
 */
record GroupLimits(
        long largestBuffer,
        String why,
        long quickLargest,
        long fullLargest,
        long pairBytes,
        long copyBytes,
        long memoryBytes,
        Duration forAllRuns) {
    private static final long KILO = 1L << 10;
    private static final long MEGA = 1L << 20;
    private static final long GIGA = 1L << 30;
    private static final double SHARE = 0.9;

    /** Without hardware nothing is gained by large sizes. */
    private static final GroupLimits SIMULATED = new GroupLimits(
            8 * MEGA,
            "without known hardware nothing larger is run",
            64 * KILO,
            MEGA,
            256 * KILO,
            MEGA,
            4 * MEGA,
            Duration.ofSeconds(10));

    static GroupLimits of(List<RankDevice> ranks) {
        if (Hardware.of(ranks) != Hardware.REAL) {
            return SIMULATED;
        }
        long free = ranks.stream()
                .map(RankDevice::info)
                .flatMap(Optional::stream)
                .map(XDeviceInfo::memoryFree)
                .mapToLong(memory -> memory.orElse(GIGA))
                .min()
                .orElse(GIGA);
        return new GroupLimits(
                Math.max(MEGA, free / 3),
                "a third of the free memory of the GPU with the least",
                GIGA,
                8 * GIGA,
                64 * MEGA,
                256 * MEGA,
                (long) (free * SHARE),
                Duration.ofMinutes(5));
    }
}
