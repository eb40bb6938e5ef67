package dev.neurontp.harness.validate;

/** What became of one case. */
public enum Status {
    PASS,
    /** No element was checked and no threshold was given: a number, and no verdict. */
    MEASURED,
    /** Not run, or no comparison was possible; never a pass. */
    SKIPPED,
    /** Nothing is broken, and somebody should look. */
    WARN,
    FAIL
}
