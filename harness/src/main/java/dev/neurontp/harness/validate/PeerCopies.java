package dev.neurontp.harness.validate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Copies between every two GPUs of this host by one process of its own, without the ranks and without NCCL. */
@FunctionalInterface
public interface PeerCopies {
    /** Of 8 bytes; the large ones are of the bytes asked for. */
    long SMALL_BYTES = Long.BYTES;

    /**
     * What was copied from one GPU to another. GPUs are counted from 0, in the order in which they were asked for.
     *
     * @param access whether the driver lets the one access the memory of the other
     */
    record Copy(int from, int to, boolean access, Size small, Size large) {}

    /**
     * A copy of one size.
     *
     * @param wrong words of 8 bytes that arrived wrong
     * @param first the first of them; any where none is
     * @param min nanoseconds of a copy, from the call until it was done
     */
    record Size(long wrong, long first, String expected, String got, long min, long median, long max) {}

    /** From which GPU a copy goes to which. */
    record Direction(int from, int to) {}

    /**
     * All that was found until the end.
     *
     * @param uuids of the GPUs, as nvidia-smi prints them
     * @param simulated whether a stand-in library was asked
     * @param stoppedAt the copy in which it ended early
     * @param problem why it ended early; empty where it did not, or the run was ended
     * @param hung whether it had to be ended
     */
    record Answer(
            List<Copy> copies,
            List<String> uuids,
            boolean simulated,
            Optional<Direction> stoppedAt,
            Optional<String> problem,
            boolean hung) {
        public Answer {
            copies = List.copyOf(copies);
            uuids = List.copyOf(uuids);
        }

        /** One that has nothing, and why. */
        public static Answer none(String problem) {
            return new Answer(List.of(), List.of(), false, Optional.empty(), Optional.of(problem), false);
        }
    }

    /**
     * Copies between all of them, within a bound.
     *
     * @param devices as this process counts them
     * @param bytes of a large copy, a multiple of 8
     * @param iterations measured copies of each size
     * @param bound of all copies from one GPU to another
     * @param stopped whether the run is ended, so that nobody waits for more
     */
    Answer copy(List<Long> devices, long bytes, int iterations, long seed, Duration bound, BooleanSupplier stopped)
            throws InterruptedException;
}
