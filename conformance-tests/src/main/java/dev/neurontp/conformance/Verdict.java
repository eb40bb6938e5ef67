package dev.neurontp.conformance;

/** What a run says about one rule. */
public enum Verdict {
    /** Every check of it passed. */
    PASSED("passed"),
    /** It is broken, and that fails the run. */
    FAILED("failed"),
    /** A SHOULD is broken. */
    WARNED("warned"),
    /** It is broken, as the file of known failures says. */
    EXPECTED("expected failure"),
    /** It was not judged; the reason is said. */
    SKIPPED("skipped"),
    /** The run stopped before all its checks were made. */
    MISSING("missing"),
    /** The suite itself failed at it. */
    ERROR("error"),
    /** It binds this project's own worker only. */
    NOT_JUDGED("not judged");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** Whether the worker was looked at: it holds the rule or breaks it. */
    boolean isJudged() {
        return this == PASSED || this == FAILED || this == WARNED || this == EXPECTED;
    }

    /** The verdict in a report. */
    public String words() {
        return words;
    }
}
