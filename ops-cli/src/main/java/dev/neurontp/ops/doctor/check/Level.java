package dev.neurontp.ops.doctor.check;

/** What a check found, the worst first. */
public enum Level {
    /** What was asked did not come back in time. */
    HUNG,
    /** A pool of the wanted size will not start, or will hang. */
    FAIL,
    /** It starts, slower or less safe. */
    WARN,
    /** Nobody could look; the reason says why. Never a pass. */
    SKIPPED,
    OK
}
