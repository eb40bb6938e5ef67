package dev.neurontp.conformance.check;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of one check.
 *
 * @param reason why it was skipped or ended in an error; else empty
 * @param isComplete whether all its examples were tried, so that one that did not fail has passed
 * @param cases how many scripts or processes were tried
 * @param starts how many processes were started for it; a process that several checks share counts for the first of them
 * @param workersCpu the CPU time that its processes have used for it, looked at every 20 ms while they lived
 */
public record CheckResult(
        String id,
        String rule,
        Outcome outcome,
        String reason,
        int cases,
        int starts,
        Duration workersCpu,
        boolean isComplete,
        Instant startedAt,
        long millis) {

    /** The same, with the processes and the time that it took. */
    CheckResult taking(int processes, Duration cpu, Instant start, long took) {
        return new CheckResult(id, rule, outcome, reason, cases, processes, cpu, isComplete, start, took);
    }

    /** The same, where not all examples were tried. */
    CheckResult incomplete() {
        return new CheckResult(id, rule, outcome, reason, cases, starts, workersCpu, false, startedAt, millis);
    }

    /** What can become of a check. */
    public enum Outcome {
        /** The rule held. */
        PASSED,
        /** The rule was broken. */
        FAILED,
        /** It could not or need not be made. */
        SKIPPED,
        /** The suite itself failed; nobody's worker is to blame. */
        ERROR
    }
}
