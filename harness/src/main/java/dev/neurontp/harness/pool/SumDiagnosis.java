package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the sums that all ranks have answered: which rank is behind a wrong one. */
final class SumDiagnosis {
    private static final int HEX_DIGITS = 8;
    private static final int HEX = 16;

    private SumDiagnosis() {}

    /** The ranks whose answer to {@code nccl_sanity_check} is not the world size, each with its reason. */
    static SortedMap<Integer, String> findPlain(
            int worldSize, SortedMap<Integer, WorkerResponse.NcclSanityResult> answers) {
        SortedMap<Integer, String> wrong = new TreeMap<>();
        answers.forEach((rank, seen) -> {
            if (seen.observedSum() != worldSize) {
                wrong.put(rank, "it observed the sum " + seen.observedSum() + " instead of " + worldSize);
            }
        });
        return wrong;
    }

    /**
     * The ranks at fault in the answers to {@code x_nccl_check}, each with its reason; empty when every sum is right.
     *
     * @param answers by rank, of all ranks
     */
    static SortedMap<Integer, String> find(int worldSize, Map<Integer, WorkerResponse.XNcclCheckResult> answers) {
        WorkerResponse.XNcclCheckResult right = right(worldSize);
        SortedMap<Integer, String> wrong = new TreeMap<>();
        Collection<WorkerResponse.XNcclCheckResult> seen = new HashSet<>(answers.values());
        if (seen.size() == 1 && !seen.contains(right)) {
            blameContributions(worldSize, seen.iterator().next(), wrong);
        }
        if (wrong.isEmpty()) {
            answers.forEach((rank, sums) -> {
                if (!sums.equals(right)) {
                    wrong.put(rank, "it received wrong sums: " + differences(sums, right));
                }
            });
        }
        return wrong;
    }

    /** All ranks see the same wrong sums: what went in was wrong, and the bits tell whose. */
    private static void blameContributions(
            int worldSize, WorkerResponse.XNcclCheckResult sums, SortedMap<Integer, String> wrong) {
        BigInteger bits = bits(sums.rankBits());
        if (bits.bitLength() > worldSize) {
            return;
        }
        for (int rank = 0; rank < worldSize; rank++) {
            if (!bits.testBit(rank)) {
                wrong.put(
                        rank,
                        "its contribution is missing from the sums of all ranks: "
                                + differences(sums, right(worldSize)));
            }
        }
        long missing = wrong.keySet().stream().mapToLong(rank -> rank + 1L).sum();
        boolean explained = worldSize - wrong.size() == sums.sumOfOnes()
                && u32((long) worldSize * (worldSize + 1) / 2 - missing) == sums.sumOfRanks();
        if (!explained) {
            wrong.clear();
        }
    }

    private static WorkerResponse.XNcclCheckResult right(int worldSize) {
        BigInteger all = BigInteger.ONE.shiftLeft(worldSize).subtract(BigInteger.ONE);
        int digits = (worldSize + Integer.SIZE - 1) / Integer.SIZE * HEX_DIGITS;
        String bits = all.toString(HEX);
        return new WorkerResponse.XNcclCheckResult(
                worldSize, u32((long) worldSize * (worldSize + 1) / 2), "0".repeat(digits - bits.length()) + bits);
    }

    private static BigInteger bits(String hex) {
        return hex.matches("[0-9a-f]+") ? new BigInteger(hex, HEX) : BigInteger.ZERO;
    }

    private static long u32(long number) {
        return Integer.toUnsignedLong((int) number);
    }

    private static String differences(WorkerResponse.XNcclCheckResult sums, WorkerResponse.XNcclCheckResult right) {
        return String.format(
                Locale.ROOT,
                "of ones %d instead of %d, of rank + 1 %d instead of %d, of the ranks' bits %s instead of %s",
                sums.sumOfOnes(),
                right.sumOfOnes(),
                sums.sumOfRanks(),
                right.sumOfRanks(),
                sums.rankBits(),
                right.rankBits());
    }
}
