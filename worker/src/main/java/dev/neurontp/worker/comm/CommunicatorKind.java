package dev.neurontp.worker.comm;

import java.util.Locale;

/** What carries a group's collectives. */
public enum CommunicatorKind {
    /** GPUs, through NCCL. The default, as in the original. */
    NCCL,
    /** Plain TCP between processes, without a GPU: for demos, tests and conformance runs. */
    LOOPBACK;

    /** The name in options and settings: {@code nccl} or {@code loopback}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
