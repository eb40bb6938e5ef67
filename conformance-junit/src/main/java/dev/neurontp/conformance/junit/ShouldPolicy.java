package dev.neurontp.conformance.junit;

/** What becomes of the test of a SHOULD that the worker breaks. That of a MUST fails. */
public enum ShouldPolicy {
    /** It is aborted, which most tools show as skipped, with the failure's text as the reason. */
    ABORT,
    /** It passes; the failure is in the report entries and in the report alone. */
    PASS,
    /** It fails, as with {@code --strict} of the command line. */
    FAIL
}
