package dev.neurontp.rpc;

import static java.util.Objects.requireNonNull;

/**
 * An extension: run one collective with data that shows its origin, check every element and measure. The same request goes to
 * every rank of the group. docs/wire-contract.md has the words for each field and the formula of the data.
 *
 * @param collective such as {@code all_reduce}; {@code copy_h2d} and {@code memory_pattern} concern this rank alone
 * @param type of the elements, such as {@code bfloat16}
 * @param redop such as {@code sum}; empty for a collective that reduces nothing
 * @param count elements as NCCL's function takes them, bytes for copies and memory; 0 to 2^63 - 1, a decimal string on the wire
 * @param root of broadcast, reduce, gather and scatter, 0 to 4294967295
 * @param pairs who exchanges with whom in collective {@code pairs}, such as {@code 0-1,2-3}; else empty
 * @param place {@code out} or {@code in}
 * @param shift elements by which the buffers are misaligned
 * @param warmup runs before those that are measured
 * @param iterations measured runs
 * @param checks checked runs, each with another seed that follows from {@code seed}; they come before the warm-up
 * @param seed 0 to 2^63 - 1, a decimal string on the wire
 * @param timeoutMs how long the whole request may take on this rank, in milliseconds; 0 for its own bound of each run alone
 */
public record XCollective(
        String collective,
        String type,
        String redop,
        long count,
        long root,
        String pairs,
        String place,
        long shift,
        long warmup,
        long iterations,
        long checks,
        long seed,
        long timeoutMs)
        implements WorkerRequest {
    public static final String OP = "x_collective";
    static final String COLLECTIVE = "collective";
    static final String TYPE = "type";
    static final String REDOP = "redop";
    static final String COUNT = "count";
    static final String ROOT = "root";
    static final String PAIRS = "pairs";
    static final String PLACE = "place";
    static final String SHIFT = "shift";
    static final String WARMUP = "warmup";
    static final String ITERATIONS = "iterations";
    static final String CHECKS = "checks";
    static final String SEED = "seed";
    static final String TIMEOUT_MS = "timeout_ms";

    public XCollective {
        requireText(COLLECTIVE, collective);
        requireText(TYPE, type);
        requireText(REDOP, redop);
        DecimalString.require(COUNT, count);
        U32.require(ROOT, root);
        requireText(PAIRS, pairs);
        requireText(PLACE, place);
        U32.require(SHIFT, shift);
        U32.require(WARMUP, warmup);
        U32.require(ITERATIONS, iterations);
        U32.require(CHECKS, checks);
        DecimalString.require(SEED, seed);
        U32.require(TIMEOUT_MS, timeoutMs);
    }

    private static void requireText(String name, String text) {
        requireNonNull(text, name + " is null");
        WireText.requireWellFormed(name, text);
    }

    @Override
    public String op() {
        return OP;
    }
}
