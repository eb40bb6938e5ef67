package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.KernelPattern;
import java.util.List;
import jcuda.Pointer;

/**
 * What both kernels of pattern.ptx take, in their order: a {@code Long} for u64, an {@code Integer} for u32.
 *
 * @param values all of them
 */
record PatternParameters(List<Number> values) {
    /**
     * The parameters of one launch.
     *
     * @param last the kernel's own: what the bits are XORed with, or where the result goes
     */
    static PatternParameters of(long address, KernelPattern pattern, long last) {
        return new PatternParameters(List.of(
                address,
                pattern.count(),
                pattern.seed(),
                pattern.block(),
                pattern.offset(),
                pattern.most(),
                pattern.first(),
                pattern.ranks(),
                pattern.type().bytes(),
                pattern.format(),
                last));
    }

    /** As cuLaunchKernel takes them: the address of each. */
    Pointer pointers() {
        return Pointer.to(values.stream()
                .map(value -> value instanceof Integer number
                        ? Pointer.to(new int[] {number})
                        : Pointer.to(new long[] {value.longValue()}))
                .toArray(Pointer[]::new));
    }
}
