package dev.neurontp.harness.validate;

import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a validation runs. Sizes are in bytes.
 *
 * @param mode how much of everything
 * @param collectives at least one
 * @param types of the elements in the correctness phase; the first one is also measured
 * @param ops in the correctness phase; the first one is also measured
 * @param roots in the correctness phase, the first one is also measured; empty for the first and the last rank
 * @param smallest the first size that is measured
 * @param largest the last size that is measured; empty for the mode's own, within the devices' memory
 * @param factor from one size to the next; 0 where {@code step} is used
 * @param step from one size to the next; 0 where {@code factor} is used
 * @param iterations measured runs of one size
 * @param warmup runs before them
 * @param checks checked runs of one case, each with other numbers
 * @param seed of all numbers
 * @param timeout the bound of one run on a rank
 * @param burn how long the cycles of a burn-in go on; zero for one cycle
 */
public record Plan(
        Mode mode,
        List<Collective> collectives,
        List<ElementType> types,
        List<ReduceOp> ops,
        List<Long> roots,
        long smallest,
        OptionalLong largest,
        int factor,
        long step,
        int iterations,
        int warmup,
        int checks,
        long seed,
        Duration timeout,
        Duration burn) {
    /** Of sizes: each of them is a case of each collective. */
    public static final int MOST_SIZES = 4096;

    /** How much of everything. */
    public enum Mode {
        QUICK,
        FULL,
        BURN
    }

    public Plan {
        collectives = List.copyOf(collectives);
        types = List.copyOf(types);
        ops = List.copyOf(ops);
        roots = List.copyOf(roots);
    }

    public boolean quick() {
        return mode == Mode.QUICK;
    }

    public Plan withSeed(long next) {
        return new Plan(
                mode,
                collectives,
                types,
                ops,
                roots,
                smallest,
                largest,
                factor,
                step,
                iterations,
                warmup,
                checks,
                next,
                timeout,
                burn);
    }
}
