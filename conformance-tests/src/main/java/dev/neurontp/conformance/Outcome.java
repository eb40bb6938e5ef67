package dev.neurontp.conformance;

/** What a run says of the worker. */
public enum Outcome {
    /** No MUST failed. */
    PASSED(0),
    /** A MUST failed (with strict a SHOULD), a known failure is stale, or a worker grew in a soak. */
    FAILED(1),
    /** The worker could not be judged at all, or the suite itself failed. Never a pass. */
    NOT_JUDGED(3),
    /** The time for the run was over, or it was stopped, before all was judged, and nothing had failed until then. */
    OUT_OF_TIME(4),
    INTERRUPTED(130);

    private final int exitCode;

    Outcome(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code that reports give, and that a program which runs the suite exits with. */
    public int exitCode() {
        return exitCode;
    }
}
