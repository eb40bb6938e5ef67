package dev.neurontp.conformance;

/** What the exit codes of a run mean. */
public final class ExitCodes {

    /** No MUST failed. */
    public static final int PASSED = 0;
    /** A MUST failed (with strict a SHOULD), or a known failure is stale. */
    public static final int FAILED = 1;
    /** The options cannot be used. */
    public static final int USAGE = 2;
    /** The worker could not be judged at all, or the suite itself failed. Never a pass. */
    public static final int NOT_JUDGED = 3;
    /** The time for the run was over before all was judged, and nothing had failed until then. */
    public static final int OUT_OF_TIME = 4;
    /** Interrupted. */
    public static final int INTERRUPTED = 130;

    private ExitCodes() {}

    static int of(RunReport report) {
        if (report.stop().equals(Assessment.INTERRUPTED)) {
            return INTERRUPTED;
        }
        if (!report.unjudgeable().isEmpty()) {
            return NOT_JUDGED;
        }
        if (report.findings().stream().anyMatch(finding -> finding.counts() == Verdict.FAILED)
                || !report.stale().isEmpty()) {
            return FAILED;
        }
        if (report.stop().equals(Assessment.OUT_OF_TIME)) {
            return OUT_OF_TIME;
        }
        boolean anyJudged =
                report.rules().stream().anyMatch(rule -> rule.verdict().isJudged());
        return report.errors().isEmpty() && anyJudged ? PASSED : NOT_JUDGED;
    }
}
