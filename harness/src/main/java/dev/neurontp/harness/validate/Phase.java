package dev.neurontp.harness.validate;

import java.util.Locale;

/** The steps of a validation, in their order. */
public enum Phase {
    /** What the files of this host say against a start, before anything is started. */
    HOST,
    /** Which GPU each rank has, before they join. */
    IDENTITY,
    /** Copies between every two GPUs by one process, without the ranks and NCCL. */
    PEERS,
    /** All ranks join one communicator. */
    JOIN,
    /** Every collective, with every element checked. */
    CORRECTNESS,
    /** Each GPU by itself: copies to and from the host, and on the device. */
    COPIES,
    /** Each GPU by itself: a pattern in a share of its free memory. */
    MEMORY,
    /** Time and bandwidth of each collective over a range of sizes. */
    BANDWIDTH,
    /** Latency and bandwidth between every two ranks. */
    PAIRS,
    /** What NVML counts of each GPU in a burn-in: heat, clocks, errors. */
    COUNTERS,
    /** All ranks leave, and no process stays. */
    LEAVE;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
