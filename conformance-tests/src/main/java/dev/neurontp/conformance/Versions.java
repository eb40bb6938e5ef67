package dev.neurontp.conformance;

import dev.neurontp.conformance.RunOptions.UsageException;
import java.util.Arrays;

/** Versions of the contract, such as 1.0. */
final class Versions {

    private Versions() {}

    /** Refuses a version that is none or is newer than the contract that is here; empty stands for the newest. */
    static void require(String wanted, String newest) {
        if (wanted.isEmpty()) {
            return;
        }
        if (!wanted.matches("[0-9]{1,4}\\.[0-9]{1,4}")) {
            throw new UsageException("--contract-version " + wanted + " is no version: give one such as " + newest);
        }
        if (Arrays.compare(parts(wanted), parts(newest)) > 0) {
            throw new UsageException(
                    "--contract-version " + wanted + " is newer than the contract that is here, " + newest);
        }
        if (Arrays.compare(parts(wanted), new int[] {1, 0}) < 0) {
            throw new UsageException("--contract-version " + wanted + " never was: the first is 1.0");
        }
    }

    /** Whether what was added with {@code since} is in {@code version}. */
    static boolean isIn(String since, String version) {
        return version.isEmpty() || Arrays.compare(parts(since), parts(version)) <= 0;
    }

    private static int[] parts(String version) {
        return Arrays.stream(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
