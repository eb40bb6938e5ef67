package dev.neurontp.worker.collective;

import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.XCollective;
import java.util.List;

/**
 * A checked {@code x_collective}.
 *
 * @param op null where nothing is reduced
 * @param count elements; those of a copy or of memory are words of 8 bytes
 * @param pairs for {@link Collective#PAIRS}
 */
public record CollectiveRequest(
        Collective collective,
        ElementType type,
        ReduceOp op,
        long count,
        int root,
        List<Pair> pairs,
        boolean inPlace,
        long shift,
        int warmup,
        int iterations,
        int checks,
        long seed,
        long timeoutMs,
        int ranks) {
    /** More runs than that are more than one request. */
    static final int MAX_RUNS = 100_000;

    private static final long MAX_ELEMENTS = 1L << 40;
    private static final long MAX_SHIFT = 4096;

    /**
     * Checks what a leader asks.
     *
     * @param ranks the world size
     * @throws UnsupportedException for what this worker does not know
     * @throws ContradictionException for what contradicts itself
     */
    public static CollectiveRequest of(XCollective asked, int ranks) throws UnsupportedException {
        Collective collective =
                Collective.find(asked.collective()).orElseThrow(() -> unknown("collective", asked.collective()));
        ElementType type = collective.isLocal()
                ? ElementType.UINT64
                : ElementType.find(asked.type()).orElseThrow(() -> unknown("type", asked.type()));
        ReduceOp op = collective.reduces()
                ? ReduceOp.find(asked.redop()).orElseThrow(() -> unknown("redop", asked.redop()))
                : null;
        if (!asked.place().equals("out") && !asked.place().equals("in")) {
            throw new ContradictionException(
                    "place is '" + WireText.quotable(asked.place()) + "': it must be out or in");
        }
        boolean inPlace = asked.place().equals("in");
        if (inPlace && !collective.hasInPlace()) {
            throw new UnsupportedException(collective.wireName()
                    + " has no form in place: what sends and receives at the same time needs two buffers");
        }
        if (collective.hasRoot() && asked.root() >= ranks) {
            throw new ContradictionException("root is " + asked.root() + ": the group has " + ranks + " ranks");
        }
        long count = collective.isLocal() ? asked.count() / Long.BYTES : asked.count();
        if (count > MAX_ELEMENTS / ranks || asked.shift() > MAX_SHIFT) {
            throw new UnsupportedException("count is " + asked.count() + " and shift is " + asked.shift() + ": at most "
                    + MAX_ELEMENTS / ranks + " elements and a shift of " + MAX_SHIFT + " can be run");
        }
        if (asked.warmup() > MAX_RUNS || asked.iterations() > MAX_RUNS || asked.checks() > MAX_RUNS) {
            throw new UnsupportedException(
                    "warmup, iterations and checks are at most " + MAX_RUNS + " each: ask several times");
        }
        return new CollectiveRequest(
                collective,
                type,
                op,
                count,
                (int) asked.root(),
                collective == Collective.PAIRS ? Pair.parse(asked.pairs(), ranks) : List.of(),
                inPlace || collective == Collective.MEMORY_PATTERN,
                collective.isLocal() ? 0 : asked.shift(),
                (int) asked.warmup(),
                (int) asked.iterations(),
                (int) asked.checks(),
                asked.seed(),
                asked.timeoutMs(),
                ranks);
    }

    /** The rank that this one exchanges with in {@link Collective#PAIRS}, or -1. */
    public int partner(int rank) {
        for (Pair pair : pairs) {
            if (pair.has(rank)) {
                return pair.one() == rank ? pair.other() : pair.one();
            }
        }
        return -1;
    }

    private static UnsupportedException unknown(String field, String value) {
        return new UnsupportedException(
                field + " is '" + WireText.quotable(value) + "', which this worker does not know");
    }
}
